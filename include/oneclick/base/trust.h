/* Whose a path is: programs and files that decide what we do must be out of others' hands,
 * and so must every directory and link on the way to them. */
#ifndef ONECLICK_BASE_TRUST_H
#define ONECLICK_BASE_TRUST_H

#include "oneclick/base/fault.h"

/* ERR_NONE if only root and we (the effective user) can change what the absolute path leads
 * to: everything on the way is owned by one of the two, and nothing of it may be written by
 * groups or others, except for directories with the sticky bit, whose entries are their
 * owners' alone.  ERR_FORBIDDEN, with what stands open, else; ERR_NOT_FOUND if it leads
 * nowhere. */
enum err trust_path(const char *path, struct fault *why);

#endif
