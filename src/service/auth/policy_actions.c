#include <stddef.h>
#include <strings.h>

#include "oneclick/api/extra.h"
#include "oneclick/api/grant.h"
#include "oneclick/service/policy.h"

#define CONTRACT "iot1click:"

/* What the doors of other AWS APIs ask for, and what has no call of its own yet. */
static const char *const others[] = {
	"cloudtrail:LookupEvents",
	"cloudwatch:GetMetricData",
	"cloudwatch:GetMetricStatistics",
	"cloudwatch:ListMetrics",
	"iot1click:ListDeliveries",
	"iot1click:ReplayDeliveries",
};

static const char *
find_operation(const char *word)
{
	enum op op = 0;
	const char *real;

	if (strncasecmp(word, CONTRACT, sizeof CONTRACT - 1) != 0)
		return NULL;
	real = grant_real_name(word + sizeof CONTRACT - 1);
	if (!real)
		return NULL;
	while (op_info(op)->name != real)
		op++;
	return grant_action(op);
}

const char *
policy_action(const char *word)
{
	for (enum extra extra = 0; extra < EXTRA_COUNT; extra++)
		if (strcasecmp(extra_info(extra)->action, word) == 0)
			return extra_info(extra)->action;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcasecmp(others[i], word) == 0)
			return others[i];
	return find_operation(word);
}
