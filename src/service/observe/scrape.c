#include "scrape.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "observe.h"
#include "oneclick/store/cursors.h"
#include "oneclick/store/events.h"

static bool
take_first(void *arg, const struct event *event)
{
	*(int64_t *)arg = event->at;
	return false;
}

static enum err
read_lag(struct tx *tx, struct scrape *scrape, struct fault *why)
{
	int64_t pos, at = scrape->now;
	enum err err = cursors_read(tx, METRICS_CONSUMER, &pos, why);

	if (!err)
		err = events_follow(tx, pos, 1, take_first, &at, why);
	scrape->behind = scrape->log_last > pos ? scrape->log_last - pos : 0;
	scrape->lag = scrape->now > at ? scrape->now - at : 0;
	return err;
}

/* The store's files lie flat in its directory. */
static int64_t
add_sizes(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	struct stat file;
	int64_t sum = 0;

	while (dir && (entry = readdir(dir)))
		if (fstatat(dirfd(dir), entry->d_name, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(file.st_mode))
			sum += file.st_size;
	if (dir)
		closedir(dir);
	return sum;
}

static int64_t
count_entries(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	int64_t count = 0;

	while (dir && (entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return count ? count - 1 : 0; /* without the one that was open for this */
}

enum err
scrape_read(struct tx *tx, struct scrape *scrape, struct fault *why)
{
	struct statvfs disk;
	int64_t first;
	enum err err = events_bounds(tx, &first, &scrape->log_last, why);

	if (!err)
		err = read_lag(tx, scrape, why);
	if (statvfs(scrape->state, &disk) == 0)
		scrape->disk_free = (int64_t)(disk.f_bavail * disk.f_frsize);
	scrape->disk_used = add_sizes(scrape->state);
	scrape->open_files = count_entries("/proc/self/fd");
	return err;
}
