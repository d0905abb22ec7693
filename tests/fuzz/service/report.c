/* Presses in our own format. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/service/ingest.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	struct report report;
	struct sighting saw;
	struct fault why;
	enum err err = report_read(
		life, n % 2 ? "G030PM0123456789" : NULL, data, n, &report, &why);

	fuzz_check_fault(err, &why);
	if (err)
		return;
	assert(report.device_id && event_is_click(report.kind));
	assert(report.life <= 100 && n <= REPORT_MAX);
	saw = report_sighting(life, &report);
	assert(saw.is_click && saw.device_id == report.device_id);
}
