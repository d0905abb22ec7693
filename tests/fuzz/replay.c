/* In place of libFuzzer: runs the target over each file named, and each file of a folder. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int replayed;

static void
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat of;
	uint8_t *data;

	if (!file || fstat(fileno(file), &of) != 0) {
		perror(path);
		exit(2);
	}
	data = malloc((size_t)of.st_size + 1);
	if (fread(data, 1, (size_t)of.st_size, file) != (size_t)of.st_size) {
		perror(path);
		exit(2);
	}
	fclose(file);
	fprintf(stderr, "# %s\n", path); /* a crash is the last one's */
	LLVMFuzzerTestOneInput(data, (size_t)of.st_size);
	free(data);
	replayed++;
}

static void
replay(const char *path)
{
	DIR *folder = opendir(path);
	char inside[4096];

	if (!folder) {
		replay_file(path);
		return;
	}
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inside, sizeof(inside), "%s/%s", path, entry->d_name);
		replay_file(inside);
	}
	closedir(folder);
}

int
main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("ok %s: %d inputs replayed\n", argv[0], replayed);
	return 0;
}
