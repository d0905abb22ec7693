#include "audit_key.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "secret.h"

/* Secrets are named by absolute paths, and the directory may still have to be made. */
char *
audit_key_path(const void *ctx, const char *state, const char *file)
{
	char here[PATH_MAX];

	if (file)
		return mem_text(ctx, file);
	if (*state != '/' && getcwd(here, sizeof here))
		return mem_format(ctx, "%s/%s/audit.key", here, state);
	return mem_format(ctx, "%s/audit.key", state);
}

static bool
read_hex(const char *text, unsigned char out[DIGEST_SIZE])
{
	if (strlen(text) != DIGEST_HEX_SIZE - 1 ||
		text[strspn(text, "0123456789abcdef")] != '\0')
		return false;
	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		char pair[] = { text[2 * i], text[2 * i + 1], '\0' };

		out[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return true;
}

enum err
audit_key_read(const char *path, struct audit_key *out, struct fault *why)
{
	void *life = mem_life(NULL);
	unsigned char key[DIGEST_SIZE];
	const char *text;
	enum err err = secret_read(life, path, &text, why);

	if (!err && !read_hex(text, key))
		err = fault(why, ERR_INVALID,
			"%s is no audit key: it holds 64 hexadecimal digits.", path);
	if (!err) {
		*out = audit_key_of(key);
		digest_wipe((char *)(uintptr_t)text, strlen(text));
		digest_wipe(key, sizeof key);
	}
	mem_free(life);
	return err;
}

static bool
write_key(int fd, const char *folder)
{
	unsigned char key[DIGEST_SIZE];
	char text[DIGEST_HEX_SIZE + 1];
	struct stat of;
	bool good;

	digest_random(key, sizeof key);
	digest_hex(key, sizeof key, text);
	strcat(text, "\n");
	good = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (good && geteuid() == 0)
		good = stat(folder, &of) == 0 && fchown(fd, of.st_uid, of.st_gid) == 0;
	digest_wipe(key, sizeof key);
	digest_wipe(text, sizeof text);
	return good && fsync(fd) == 0;
}

static bool
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* Under its name it is whole; of two that make it at once, the first one's stays. */
static enum err
make(const char *path, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *folder = dirname(mem_text(life, path));
	char *beside = mem_format(life, "%s.XXXXXX", path);
	int fd = mkstemp(beside);
	enum err err = ERR_NONE;

	if (fd < 0 || !write_key(fd, folder) ||
		(link(beside, path) != 0 && errno != EEXIST) || !sync_folder(folder))
		err = fault(why, ERR_INTERNAL, "The audit key %s cannot be made: %s.",
			path, strerror(errno));
	if (fd >= 0) {
		unlink(beside);
		close(fd);
	}
	mem_free(life);
	return err;
}

enum err
audit_key_need(const char *path, struct audit_key *out, struct fault *why)
{
	enum err err = ERR_NONE;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		err = make(path, why);
	return err ? err : audit_key_read(path, out, why);
}
