/* What reading and writing of files share. */
#ifndef ONECLICK_SRC_BASE_FILE_PARTS_H
#define ONECLICK_SRC_BASE_FILE_PARTS_H

/* The descriptor of ours that the path names (/dev/stdout, /dev/fd/63), or -1. */
int file_fd_of(const char *path);

#endif
