#include "xml.h"

#include <string.h>

#include "oneclick/base/moment.h"
#include "oneclick/data/number.h"

void
xml_open(struct buf *out, const char *name)
{
	buf_format(out, "<%s>", name);
}

void
xml_close(struct buf *out, const char *name)
{
	buf_format(out, "</%s>", name);
}

static void
write_letter(struct buf *out, char letter)
{
	switch (letter) {
	case '&':
		buf_text(out, "&amp;");
		break;
	case '<':
		buf_text(out, "&lt;");
		break;
	case '>':
		buf_text(out, "&gt;");
		break;
	case '"':
		buf_text(out, "&quot;");
		break;
	default:
		buf_char(out, (unsigned char)letter < ' ' && !strchr("\t\n", letter)
				      ? '?'
				      : letter);
	}
}

void
xml_text(struct buf *out, const char *name, const char *text)
{
	xml_open(out, name);
	for (; *text; text++)
		write_letter(out, *text);
	xml_close(out, name);
}

void
xml_number(struct buf *out, const char *name, double number)
{
	char text[NUMBER_SIZE];

	number_write(number, text);
	xml_text(out, name, text);
}

void
xml_moment(struct buf *out, const char *name, int64_t at)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(at, iso);
	strcpy(strchr(iso, '.'), "Z");
	xml_text(out, name, iso);
}
