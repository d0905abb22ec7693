/* oneclickd device register: makes devices known, as their maker would before shipping.
 */
#include <string.h>

#include "command.h"
#include "hand_out.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/csv.h"
#include "oneclick/model/product.h"
#include "oneclick/store/devices.h"

enum { TOKEN_LENGTH = 40, CSV_BYTES_MAX = 64 * 1024 * 1024, COLUMNS_MAX = 2 };

#define TOKEN_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* A device to be made known, with the token that is drawn for it. */
struct row {
	const char *id, *claim_code;
	char token[TOKEN_LENGTH + 1];
	int line; /* of the file; 0: it is the one that was named */
};

struct registration {
	struct row *row;
	size_t count, room;
	size_t columns; /* of the file's heading; 0: it has none */
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
register_row(struct tx *tx, const struct row *row, struct fault *why)
{
	char hash[DIGEST_HEX_SIZE];
	const struct device device = {
		.id = row->id,
		.claim_code = row->claim_code,
		.token_hash = hash,
		.type = "button",
		.tags = "{}",
		.life = 100,
	};

	digest_sha256_hex(row->token, TOKEN_LENGTH, hash);
	return devices_add(tx, &device, why);
}

static enum err
register_rows(struct tx *tx, void *arg, struct fault *why)
{
	const struct registration *r = arg;
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < r->count; i++) {
		err = register_row(tx, &r->row[i], why);
		if (err && r->row[i].line)
			fault_at(why, err, "line %d", r->row[i].line);
	}
	return err;
}

/* ---- which devices ---- */

static enum err
add_row(const void *ctx, struct registration *r, const struct row *row, struct fault *why)
{
	enum err err = check(row->id, row->claim_code, why);

	if (err)
		return err;
	if (r->count == r->room) {
		r->room = r->room ? 2 * r->room : 1;
		r->row = mem_resize(ctx, r->row, struct row, r->room);
	}
	r->row[r->count] = *row;
	digest_random_text(TOKEN_LETTERS, r->row[r->count].token, TOKEN_LENGTH);
	r->count++;
	return ERR_NONE;
}

static bool
is_heading(const struct csv *csv, const char *const *fields)
{
	return csv->line == 1 && strcmp(fields[0], "deviceId") == 0;
}

static enum err
read_row(const void *ctx, struct registration *r, const struct csv *csv,
	const char *const *fields, size_t count, struct fault *why)
{
	bool has_code = count == COLUMNS_MAX && *fields[1];
	const struct row row = { .id = fields[0],
		.claim_code = has_code ? fields[1] : NULL,
		.line = csv->line };

	if (is_heading(csv, fields)) {
		r->columns = count;
		return ERR_NONE;
	}
	if (r->columns && count != r->columns)
		return fault(why, ERR_INVALID,
			"This row has %zu of the first one's %zu fields: it may be cut "
			"off.",
			count, r->columns);
	if (count > COLUMNS_MAX)
		return fault(why, ERR_INVALID,
			"There are %zu columns; it takes deviceId and, if it has one, "
			"claimCode.",
			count);
	return add_row(ctx, r, &row, why);
}

static enum err
read_file(const void *ctx, struct registration *r, const char *path, struct fault *why)
{
	const char *const *fields = NULL;
	struct buf text;
	struct csv csv;
	size_t count;
	enum err err = file_read_input(ctx, path, CSV_BYTES_MAX, &text, why);

	if (err)
		return err;
	csv = csv_over(text.data, text.len);
	do {
		err = csv_next(&csv, ctx, &fields, &count, why);
		if (!err && fields)
			err = read_row(ctx, r, &csv, fields, count, why);
		if (err)
			return fault_at(why, err, "line %d", csv.line);
	} while (fields);
	return ERR_NONE;
}

static void
write_tokens(const struct registration *r, bool as_rows, struct buf *out)
{
	buf_text(out, as_rows ? "deviceId,token\n" : "");
	for (size_t i = 0; i < r->count; i++) {
		if (as_rows) {
			csv_write(out, r->row[i].id);
			buf_char(out, ',');
		}
		buf_format(out, "%s\n", r->row[i].token);
	}
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
	const struct row one = { .id = words->id, .claim_code = words->claim_code };
	struct registration r = { 0 };
	struct buf tokens;
	enum err err = check_words(words, why);

	if (!err)
		err = words->csv ? read_file(ctx, &r, words->csv, why)
				 : add_row(ctx, &r, &one, why);
	if (err)
		return err;
	buf_init(&tokens, ctx, BUF_NO_CAP);
	write_tokens(&r, words->csv != NULL, &tokens);
	err = hand_out(store, register_rows, &r, &tokens, why);
	digest_wipe(tokens.data, tokens.len);
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
	.event = "RegisterDevice",
	COMMAND_ROWS(rows),
	.run = register_devices,
	.help = "make devices known, so that they can be claimed",
};
