/*
 * CloudTrail's LookupEvents (JSON 1.1), as `aws cloudtrail lookup-events` asks it: the
 * account's audit records, newest first, those of the last 90 days unless a time is asked
 * for.  With an attribute a page may be short, or empty, and still have a token: one call
 * looks at a bounded number of records.
 *
 * How a fault is worded (aws_door.c): ERR_INVALID is InvalidLookupAttributesException,
 * ERR_PRECONDITION InvalidMaxResultsException, ERR_CONFLICT InvalidTimeRangeException and
 * ERR_RANGE InvalidNextTokenException.
 */
#ifndef ONECLICK_SERVICE_OBSERVE_CLOUDTRAIL_H
#define ONECLICK_SERVICE_OBSERVE_CLOUDTRAIL_H

#include "oneclick/service/extra.h"

enum err handle_LookupEvents(struct extra_call *call, struct fault *why);

#endif
