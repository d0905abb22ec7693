#include "tell.h"

#include "xml.h"

#define MEMBER "member" /* what XML calls an item of a list */

struct tell
tell_to(struct buf *out, bool is_json)
{
	return (struct tell){ .out = out, .is_json = is_json, .j = json_to(out) };
}

static void
write_key(struct tell *t, const char *name)
{
	if (name)
		json_key(&t->j, name);
}

void
tell_list(struct tell *t, const char *name)
{
	if (!t->is_json) {
		xml_open(t->out, name);
		return;
	}
	write_key(t, name);
	json_open(&t->j, '[');
}

void
tell_list_end(struct tell *t, const char *name)
{
	if (t->is_json)
		json_close(&t->j, ']');
	else
		xml_close(t->out, name);
}

void
tell_item(struct tell *t)
{
	if (t->is_json)
		json_open(&t->j, '{');
	else
		xml_open(t->out, MEMBER);
}

void
tell_item_end(struct tell *t)
{
	if (t->is_json)
		json_close(&t->j, '}');
	else
		xml_close(t->out, MEMBER);
}

void
tell_text(struct tell *t, const char *name, const char *text)
{
	if (!t->is_json) {
		xml_text(t->out, name ? name : MEMBER, text);
		return;
	}
	write_key(t, name);
	json_text(&t->j, text);
}

void
tell_number(struct tell *t, const char *name, double number)
{
	if (!t->is_json) {
		xml_number(t->out, name ? name : MEMBER, number);
		return;
	}
	write_key(t, name);
	json_number(&t->j, number);
}

void
tell_moment(struct tell *t, const char *name, int64_t at)
{
	if (!t->is_json) {
		xml_moment(t->out, name ? name : MEMBER, at);
		return;
	}
	write_key(t, name);
	json_int(&t->j, at / 1000);
}
