/* Forms of AWS's query protocol. */
#undef NDEBUG
#include <assert.h>

#include "../../../src/service/observe/form.h"
#include "../fuzz.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	struct pairs *form;
	struct fault why;
	enum err err = form_read(life, data, n, &form, &why);

	fuzz_check_fault(err, &why);
	if (err)
		return;
	assert(form->count <= FORM_MEMBERS_MAX);
	assert(form_count(form, "MetricDataQueries", 500) <= 501);
	form_get(form, "%s", "Action");
}
