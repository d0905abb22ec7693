#include "status.h"

/* A store of a newer program, or a directory that cannot be one, is as wrong tomorrow: 78,
 * so that the supervisor does not try for ever. A full or locked disk may not be: 74. */
int
status_of_start(enum err err)
{
	switch ((int)err) {
	case ERR_NONE:
		return 0;
	case ERR_INVALID:
		return STATUS_CONFIG;
	case ERR_CONFLICT:
		return STATUS_UNAVAILABLE;
	case ERR_BROKEN:
	case ERR_INTERNAL:
		return STATUS_BROKEN;
	default:
		return STATUS_FAILED;
	}
}

int
status_of_work(enum err err)
{
	switch ((int)err) {
	case ERR_NONE:
		return 0;
	case ERR_BROKEN:
		return STATUS_BROKEN;
	default:
		return STATUS_FAILED;
	}
}
