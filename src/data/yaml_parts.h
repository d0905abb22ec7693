/* Reading that goes on after what is wrong with one value. */
#ifndef DATA_YAML_PARTS_H
#define DATA_YAML_PARTS_H

#include "oneclick/data/record.h"
#include "oneclick/data/yaml.h"

/* As yaml_parse(), but a key that stands twice, a tag, a NUL and a number too long are added
 * to `said`, and the value is null or the first of the two.  What libyaml itself cannot read
 * is still a failure.  The sentences live as long as ctx. */
enum err yaml_parse_on(const void *ctx, const char *name, const char *text, size_t n,
	struct texts *said, const struct value **out, struct fault *why);

#endif
