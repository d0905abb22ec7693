/* The inside of an intake, shared by the files of ingest. */
#ifndef ONECLICK_SRC_SERVICE_INGEST_INTAKE_H
#define ONECLICK_SRC_SERVICE_INGEST_INTAKE_H

#include "names.h"
#include "oneclick/service/intake.h"
#include "resent.h"

/* What is read anew when the configuration is. */
struct kit {
	struct profiles *profiles;
	struct pairs *secrets; /* profile to what its file holds */
};

struct intake {
	struct kit *kit;
	struct names *names;
	struct resent *resent; /* by the broker */
};

#endif
