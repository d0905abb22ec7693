/* XML as AWS's query protocol answers: elements and their texts, straight into a buffer. */
#ifndef ONECLICK_SERVICE_OBSERVE_XML_H
#define ONECLICK_SERVICE_OBSERVE_XML_H

#include <stdint.h>

#include "oneclick/base/buf.h"

void xml_open(struct buf *out, const char *name);
void xml_close(struct buf *out, const char *name);
/* An element with a text alone; characters that XML cannot have become '?'. */
void xml_text(struct buf *out, const char *name, const char *text);
void xml_number(struct buf *out, const char *name, double number);
void xml_moment(struct buf *out, const char *name, int64_t at); /* whole seconds */

#endif
