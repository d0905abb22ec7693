/* Devices in the store: one row each, whole. Rules live in model/device.h. */
#ifndef ONECLICK_STORE_DEVICES_H
#define ONECLICK_STORE_DEVICES_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/model/device.h"
#include "oneclick/store/store.h"

/* A known device, whoever's it is; ERR_NOT_FOUND if it never was registered. Its texts live
 * as long as ctx. */
enum err devices_find(struct tx *tx, const void *ctx, const char *id, struct device *out,
	struct fault *why);
/* A device the account may speak of: claimed or being claimed by it. Another's and an
 * unknown one are the same ERR_NOT_FOUND. */
enum err devices_find_own(struct tx *tx, const void *ctx, const char *account,
	const char *id, struct device *out, struct fault *why);

/* The same on the hot path, of the members a press needs: not claim_code, type, tags, the
 * place, callbacks and profile. *whole tells that those are needed as well: its context is
 * to be made, or it has no profile yet and `profiled` says that it is to get one; then it
 * was read whole. */
enum err devices_find_pressed(struct tx *tx, const void *ctx, const char *id,
	bool profiled, struct device *out, bool *whole, struct fault *why);

/* Registers an ID; ERR_CONFLICT when it is known. Only id, claim_code, token_hash, type,
 * life, profile and rated are taken. */
enum err devices_add(struct tx *tx, const struct device *device, struct fault *why);
/* Writes the whole row of a device read before in this transaction; ERR_CONFLICT when the
 * slot of its placement holds another device. */
enum err devices_save(struct tx *tx, const struct device *device, struct fault *why);
/* The short write of the hot path, of a device read in this transaction: what a press
 * changes (seq, life, clicks, moments, context, rated, presence, what was told). */
enum err devices_save_click(
	struct tx *tx, const struct device *device, struct fault *why);

/* The account's claimed devices after the ID `after` ("" from the start), by ID, at most
 * `limit`; of each, what a list shows: id, account, type, tags, its place, state, enabled
 * and life. The device is borrowed for the call, in which fn must not ask the store. fn
 * returning false stops. */
typedef bool (*devices_fn)(void *arg, const struct device *device);
enum err devices_list(struct tx *tx, const char *account, const char *after, int limit,
	devices_fn fn, void *arg, struct fault *why);

/* Devices sold with this claim code that nobody has claimed, pending claims included. */
enum err devices_list_code(struct tx *tx, const char *claim_code, devices_fn fn,
	void *arg, struct fault *why);

/* Devices with a profile that nobody has claimed or is claiming (pending claims begun
 * before `lapsed` are over), last heard first; after the one heard at seen_at of this ID
 * (INT64_MAX and "": from the start). */
enum err devices_list_ready(struct tx *tx, int64_t seen_at, const char *id,
	int64_t lapsed, int limit, devices_fn fn, void *arg, struct fault *why);
/* *are tells that there are at least so many of them, whatever their claims. */
enum err devices_ready_are(struct tx *tx, int count, bool *are, struct fault *why);

/* IDs of devices whose quiet_at has come, the first ones; and of this device and all of
 * its buttons, ID.1, ID.2, ... The ID is borrowed for the call, in which fn must not ask
 * the store. */
typedef void (*device_id_fn)(void *arg, const char *id);
enum err devices_list_quiet(struct tx *tx, int64_t now, int limit, device_id_fn fn,
	void *arg, struct fault *why);
enum err devices_list_family(
	struct tx *tx, const char *id, device_id_fn fn, void *arg, struct fault *why);

/* Template name -> device ID of a placement. */
enum err devices_in_placement(struct tx *tx, const void *ctx, const char *account,
	const char *project, const char *placement, struct pairs **out,
	struct fault *why);

/* Their placements' data changed: contexts of all devices of the project (placement NULL)
 * or of one placement are to be made anew. */
enum err devices_forget_context(struct tx *tx, const char *account, const char *project,
	const char *placement, struct fault *why);

#endif
