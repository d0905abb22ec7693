/* oneclickd device register: makes devices known, as their maker would before shipping.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/csv.h"
#include "oneclick/model/product.h"
#include "oneclick/store/devices.h"

enum { TOKEN_LENGTH = 40, CSV_BYTES_MAX = 64 * 1024 * 1024, COLUMNS_MAX = 2 };

#define TOKEN_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* What one transaction registers, and what is printed once it is on disk. */
struct registration {
	const char *id, *claim_code; /* of the one device; or */
	struct csv csv;              /* of the file */
	struct buf out;
};

static enum err
check(const char *id, const char *claim_code, struct fault *why)
{
	if (claim_code && !claim_code_is_well_formed(claim_code))
		return fault(why, ERR_INVALID,
			"A claim code is C- and 10 to 38 more letters, digits or dashes, "
			"not '%.100s'.",
			claim_code);
	return device_id_check(id, why);
}

static enum err
add(struct tx *tx, const char *id, const char *claim_code, char token[TOKEN_LENGTH + 1],
	struct fault *why)
{
	char hash[DIGEST_HEX_SIZE];
	const struct device device = {
		.id = id,
		.claim_code = claim_code,
		.token_hash = hash,
		.type = "button",
		.tags = "{}",
		.life = 100,
	};
	enum err err = check(id, claim_code, why);

	if (err)
		return err;
	digest_random_text(TOKEN_LETTERS, token, TOKEN_LENGTH);
	digest_sha256_hex(token, TOKEN_LENGTH, hash);
	return devices_add(tx, &device, why);
}

static enum err
register_one(struct tx *tx, void *arg, struct fault *why)
{
	struct registration *r = arg;
	char token[TOKEN_LENGTH + 1];
	enum err err = add(tx, r->id, r->claim_code, token, why);

	if (!err)
		buf_format(&r->out, "%s\n", token);
	return err;
}

static enum err
register_row(struct tx *tx, struct registration *r, const char *const *fields,
	size_t count, struct fault *why)
{
	bool has_code = count == COLUMNS_MAX && *fields[1];
	char token[TOKEN_LENGTH + 1];
	enum err err;

	if (count > COLUMNS_MAX)
		return fault(why, ERR_INVALID,
			"There are %zu columns; it takes deviceId and, if it has one, "
			"claimCode.",
			count);
	err = add(tx, fields[0], has_code ? fields[1] : NULL, token, why);
	if (err)
		return err;
	csv_write(&r->out, fields[0]);
	buf_format(&r->out, ",%s\n", token);
	return ERR_NONE;
}

static bool
is_heading(const struct csv *csv, const char *const *fields)
{
	return csv->line == 1 && strcmp(fields[0], "deviceId") == 0;
}

static enum err
register_rows(struct tx *tx, void *arg, struct fault *why)
{
	struct registration *r = arg;
	const char *const *fields = NULL;
	enum err err;
	size_t count;

	do {
		void *life = mem_life(NULL);
		err = csv_next(&r->csv, life, &fields, &count, why);
		if (!err && fields && !is_heading(&r->csv, fields))
			err = register_row(tx, r, fields, count, why);
		mem_free(life);
	} while (!err && fields);
	if (err)
		fault_at(why, err, "line %d", r->csv.line);
	return err;
}

static enum err
check_words(const struct command_words *words, struct fault *why)
{
	if (!words->id == !words->csv)
		return fault(why, ERR_INVALID,
			"Which devices? Give one ID, or --csv FILE with a row for each.");
	if (words->csv && words->claim_code)
		return fault(why, ERR_INVALID,
			"--claim-code goes with one ID; in a CSV file claimCode is a "
			"column.");
	return ERR_NONE;
}

static enum err
register_devices(struct store *store, const void *ctx, const struct command_words *words,
	struct fault *why)
{
	struct registration r = { .id = words->id, .claim_code = words->claim_code };
	struct buf text;
	enum err err = check_words(words, why);

	if (!err && words->csv)
		err = file_read(ctx, words->csv, CSV_BYTES_MAX, &text, why);
	if (err)
		return err;
	buf_init(&r.out, ctx, BUF_NO_CAP);
	if (words->csv) {
		r.csv = csv_over(text.data, text.len);
		buf_text(&r.out, "deviceId,token\n");
		err = store_write(store, register_rows, &r, why);
	} else {
		err = store_write(store, register_one, &r, why);
	}
	if (!err)
		fwrite(r.out.data, 1, r.out.len, stdout);
	return err;
}

static const struct option_row rows[] = {
	COMMAND_ROW_STATE,
	COMMAND_ROW(
		"ID", OPTION_WORD, id, NULL, "ID", "of one device; its token is printed"),
	COMMAND_ROW("--claim-code", OPTION_TEXT, claim_code, NULL, "C-...",
		"the code it is sold with"),
	COMMAND_ROW("--csv", OPTION_TEXT, csv, NULL, "FILE",
		"deviceId[,claimCode] rows, all or none; deviceId,token rows are "
		"printed"),
};

const struct command command_device_register = {
	.noun = "device",
	.verb = "register",
	COMMAND_ROWS(rows),
	.run = register_devices,
	.help = "make devices known, so that they can be claimed",
};
