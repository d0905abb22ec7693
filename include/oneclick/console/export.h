/* Export: what a list shows, as CSV or JSON, into a file only its owner can read; and
 * JSON for people to read. */
#ifndef ONECLICK_CONSOLE_EXPORT_H
#define ONECLICK_CONSOLE_EXPORT_H

#include "oneclick/base/buf.h"
#include "oneclick/console/pane.h"
#include "oneclick/data/value.h"

/* Writes to the file named, or asks for its name first. */
void export_ask(struct pane *pane, const struct args *args);
/* The tree as JSON, indented. */
void export_tree(struct buf *out, const struct value *tree, int depth);

#endif
