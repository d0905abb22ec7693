/* Every family of /metrics, one row each: add one here, and nowhere else. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "expose.h"
#include "observe.h"
#include "oneclick/net/tls.h"
#include "oneclick/service/counts.h"
#include "oneclick/service/listener.h"
#include "oneclick/service/trail.h"

#define MICROS 1e6

/* ---- what devices did ---- */

static void
write_events(struct exposition *x, const struct scrape *scrape)
{
	expose_series(x, scrape->service->observe->events);
}

static void
write_lives(struct exposition *x, const struct scrape *scrape)
{
	expose_series(x, scrape->service->observe->lives);
}

static void
write_ingest(struct exposition *x, const struct scrape *scrape)
{
	const struct counts *counts = scrape->service->counts;

	for (size_t i = 0; counts && i < counts->count; i++)
		for (int r = 0; r < INGEST_RESULTS; r++) {
			const char *const labels[] = { counts->row[i].profile,
				ingest_result_name((enum ingest_result)r) };

			expose_value(x, labels, (double)counts->row[i].of[r]);
		}
}

static void
write_link(struct exposition *x, const struct scrape *scrape)
{
	if (scrape->service->settings.mqtt)
		expose_value(x, NULL, ingest_mqtt_is_linked(scrape->service));
}

static void
write_fates(struct exposition *x, const struct scrape *scrape)
{
	for (int i = 0; i < LISTENER_FATES; i++) {
		const char *fate = listener_fate_name((enum listener_fate)i);

		expose_value(x, &fate,
			(double)listener_count(scrape->service, (enum listener_fate)i));
	}
}

static void
write_connections(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)listener_connections(scrape->service));
}

static void
write_expiry(struct exposition *x, const struct scrape *scrape)
{
	(void)scrape;
	if (tls_is_open())
		expose_value(x, NULL, (double)(tls_expires() / 1000));
}

/* ---- callbacks ---- */

static void
write_callback_errors(struct exposition *x, const struct scrape *scrape)
{
	expose_series(x, scrape->service->observe->errors);
}

static void
write_deliveries(struct exposition *x, const struct scrape *scrape)
{
	const struct dispatch_counts *counts = &scrape->dispatch;
	const struct {
		const char *result;
		uint64_t count;
	} rows[] = {
		{ "delivered", counts->delivered },
		{ "failed", counts->failed },
		{ "dead", counts->died },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expose_value(x, &rows[i].result, (double)rows[i].count);
}

static void
write_in_flight(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->dispatch.in_flight);
}

static void
write_waiting(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->dispatch.waiting);
}

static void
write_dead(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->dispatch.dead);
}

static void
write_shut(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->dispatch.shut);
}

static const char *const consumers[] = { "dispatch", METRICS_CONSUMER };

static void
write_lag_seconds(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, &consumers[0], (double)scrape->dispatch.oldest / 1000);
	expose_value(x, &consumers[1], (double)scrape->lag / 1000);
}

static void
write_lag_events(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, &consumers[0], (double)scrape->dispatch.behind);
	expose_value(x, &consumers[1], (double)scrape->behind);
}

/* ---- requests ---- */

static void
write_requests(struct exposition *x, const struct scrape *scrape)
{
	expose_series(x, scrape->service->observe->requests);
}

static void
write_latencies(struct exposition *x, const struct scrape *scrape)
{
	expose_series(x, scrape->service->observe->latencies);
}

/* ---- the store ---- */

static void
write_log(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->log_last);
}

static void
write_commits(struct exposition *x, const struct scrape *scrape)
{
	const struct lanes_counts counts = lanes_counts(scrape->service->lanes);
	double edge[LANES_EDGES];
	const struct expose_bins bins = {
		.edge = edge,
		.under = counts.under,
		.edges = LANES_EDGES,
		.count = counts.commits,
		.sum = (double)counts.micros / MICROS,
	};

	for (int i = 0; i < LANES_EDGES; i++)
		edge[i] = lanes_edge[i] / MICROS;
	expose_bins(x, NULL, &bins);
}

static void
write_log_bytes(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)lanes_counts(scrape->service->lanes).log_bytes);
}

static void
write_jobs(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)lanes_counts(scrape->service->lanes).jobs);
}

static void
write_lanes(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, lanes_waiting(scrape->service->lanes));
}

static void
write_trail(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, trail_waiting(scrape->service->trail));
}

static void
write_lost(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)trail_lost(scrape->service->trail));
}

static void
write_disk_used(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->disk_used);
}

static void
write_store_memory(struct exposition *x, const struct scrape *scrape)
{
	(void)scrape;
	expose_value(x, NULL, (double)store_memory());
}

static void
write_disk_free(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->disk_free);
}

/* ---- the process ---- */

static void
write_build(struct exposition *x, const struct scrape *scrape)
{
	static const char *const labels[] = { ONECLICK_VERSION };

	(void)scrape;
	expose_value(x, labels, 1);
}

static void
write_cpu(struct exposition *x, const struct scrape *scrape)
{
	struct rusage used;

	(void)scrape;
	getrusage(RUSAGE_SELF, &used);
	expose_value(x, NULL,
		(double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
			(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / MICROS);
}

/* Pages of the program, whole and in memory. */
static double
read_pages(int which)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long pages[2] = { 0 };

	if (!file)
		return 0;
	if (fscanf(file, "%ld %ld", &pages[0], &pages[1]) != 2)
		pages[which] = 0;
	fclose(file);
	return (double)pages[which] * (double)sysconf(_SC_PAGESIZE);
}

static void
write_virtual(struct exposition *x, const struct scrape *scrape)
{
	(void)scrape;
	expose_value(x, NULL, read_pages(0));
}

static void
write_resident(struct exposition *x, const struct scrape *scrape)
{
	(void)scrape;
	expose_value(x, NULL, read_pages(1));
}

static void
write_files(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->open_files);
}

static void
write_files_max(struct exposition *x, const struct scrape *scrape)
{
	struct rlimit files = { 0 };

	(void)scrape;
	getrlimit(RLIMIT_NOFILE, &files);
	expose_value(x, NULL, (double)files.rlim_cur);
}

static void
write_started(struct exposition *x, const struct scrape *scrape)
{
	expose_value(x, NULL, (double)scrape->service->observe->started / 1000);
}

/* name, kind, help, labels, what writes its samples */
const struct family family_table[] = {
	{ "oneclick_events", FAMILY_COUNTER, "Events of devices since the start.",
		{ "event", "project", "device_type", "product_type" }, write_events },
	{ "oneclick_device_remaining_life", FAMILY_HISTOGRAM,
		"Remaining life in percent that devices reported, one value a click.",
		{ "project" }, write_lives },
	{ "oneclick_ingest", FAMILY_COUNTER,
		"Messages that came in, by what came of them.", { "profile", "result" },
		write_ingest },
	{ "oneclick_broker_linked", FAMILY_GAUGE,
		"1 while the MQTT broker is linked; absent without one.", { NULL },
		write_link },
	{ "oneclick_listener_connections", FAMILY_GAUGE,
		"Devices connected to the MQTT listener.", { NULL }, write_connections },
	{ "oneclick_listener", FAMILY_COUNTER,
		"Connections to the MQTT listener, by what became of them.", { "fate" },
		write_fates },
	{ "oneclick_certificate_expiry_timestamp_seconds", FAMILY_GAUGE,
		"When the TLS certificate expires; absent without TLS.", { NULL },
		write_expiry },
	{ "oneclick_callback_errors", FAMILY_COUNTER, "Failed attempts at a callback.",
		{ "callback", "project" }, write_callback_errors },
	{ "oneclick_deliveries", FAMILY_COUNTER,
		"Events delivered, attempts failed, events given up.", { "result" },
		write_deliveries },
	{ "oneclick_deliveries_in_flight", FAMILY_GAUGE, "Attempts under way.", { NULL },
		write_in_flight },
	{ "oneclick_deliveries_waiting", FAMILY_GAUGE,
		"Deliveries put aside for another attempt.", { NULL }, write_waiting },
	{ "oneclick_dead_letters", FAMILY_GAUGE,
		"Deliveries given up, which can be replayed.", { NULL }, write_dead },
	{ "oneclick_destinations_shut", FAMILY_GAUGE,
		"Destinations left alone for now, because they fail.", { NULL },
		write_shut },
	{ "oneclick_outbox_lag_seconds", FAMILY_GAUGE,
		"How long the oldest event has been with this consumer of the log.",
		{ "consumer" }, write_lag_seconds },
	{ "oneclick_outbox_lag_events", FAMILY_GAUGE,
		"Events of the log that this consumer is not done with.", { "consumer" },
		write_lag_events },
	{ "oneclick_requests", FAMILY_COUNTER, "Requests answered.",
		{ "operation", "class" }, write_requests },
	{ "oneclick_request_seconds", FAMILY_HISTOGRAM,
		"From a whole request to its reply, or to the start of a stream.",
		{ "operation" }, write_latencies },
	{ "oneclick_log_position", FAMILY_GAUGE, "The last position of the log.",
		{ NULL }, write_log },
	{ "oneclick_commit_seconds", FAMILY_HISTOGRAM,
		"Transactions of the writer, from begin until they were on disk.",
		{ NULL }, write_commits },
	{ "oneclick_committed_jobs", FAMILY_COUNTER, "Jobs in those transactions.",
		{ NULL }, write_jobs },
	{ "oneclick_write_ahead_log_bytes", FAMILY_GAUGE,
		"The store's write-ahead log in use: more while a program holds an old "
		"view.",
		{ NULL }, write_log_bytes },
	{ "oneclick_lanes_waiting", FAMILY_GAUGE, "Jobs given to the store and not done.",
		{ NULL }, write_lanes },
	{ "oneclick_audit_records_waiting", FAMILY_GAUGE,
		"Audit records of reads that are not yet on disk.", { NULL },
		write_trail },
	{ "oneclick_audit_records_lost", FAMILY_COUNTER,
		"Audit records dropped because they could not be written.", { NULL },
		write_lost },
	{ "oneclick_storage_used_bytes", FAMILY_GAUGE, "Size of the store's files.",
		{ NULL }, write_disk_used },
	{ "oneclick_storage_memory_bytes", FAMILY_GAUGE,
		"Memory in which pages of the store's files are kept.",
		{ NULL }, write_store_memory },
	{ "oneclick_storage_free_bytes", FAMILY_GAUGE,
		"Free space where the store is kept.", { NULL }, write_disk_free },
	{ "oneclick_build_info", FAMILY_GAUGE, "Which version this is.", { "version" },
		write_build },
	{ "process_cpu_seconds", FAMILY_COUNTER, "Processor time of the service.",
		{ NULL }, write_cpu },
	{ "process_virtual_memory_bytes", FAMILY_GAUGE, "Address space of the service.",
		{ NULL }, write_virtual },
	{ "process_resident_memory_bytes", FAMILY_GAUGE, "Memory of the service.",
		{ NULL }, write_resident },
	{ "process_open_fds", FAMILY_GAUGE, "Open descriptors.", { NULL }, write_files },
	{ "process_max_fds", FAMILY_GAUGE, "Descriptors it may have open.", { NULL },
		write_files_max },
	{ "process_start_time_seconds", FAMILY_GAUGE,
		"When the service started, in seconds since 1970.", { NULL },
		write_started },
};

const size_t family_count = sizeof family_table / sizeof *family_table;
