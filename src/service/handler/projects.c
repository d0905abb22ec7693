/* Projects: what a fleet is for, and the template its placements follow (guide,
 * "Projects, Templates, and Placements"). */
#include "oneclick/store/projects.h"

#include "oneclick/base/mem.h"
#include "oneclick/model/arn.h"
#include "oneclick/store/devices.h"
#include "parts.h"

#define NO_TEMPLATE "{\"defaultAttributes\":{},\"deviceTemplates\":{}}"

static const char *
write_template(struct handling *h, const struct placement_template *template)
{
	struct buf out;
	struct json j;

	if (!template)
		return NULL;
	buf_init(&out, h->ctx, BUF_NO_CAP);
	j = json_to(&out);
	placement_template_write(&j, template);
	return out.data;
}

/* An empty description is none: it is how UpdateProject takes one away. */
static const char *
keep_text(const char *text)
{
	return text && *text ? text : NULL;
}

static enum err
check_new(struct handling *h, struct fault *why)
{
	const char *name = h->ask->project_name;
	struct project old;
	int count;
	enum err err = projects_find(h->tx, h->ctx, h->account, name, &old, why);

	if (err == ERR_NONE)
		return fault(why, ERR_CONFLICT,
			"There is a project %s already; choose another name.", name);
	if (err != ERR_NOT_FOUND)
		return err;
	err = projects_count(h->tx, h->account, &count, why);
	if (err == ERR_NONE && count >= PROJECTS_MAX)
		return fault(why, ERR_INVALID,
			"The account has %d projects, which is the limit; delete one "
			"first.",
			count);
	return err;
}

enum err
handle_CreateProject(struct handling *h, struct fault *why)
{
	const struct ask *ask = h->ask;
	struct project project = {
		.account = h->account,
		.name = ask->project_name,
		.description = keep_text(ask->description),
		.template_json = write_template(h, ask->placement_template),
		.tags = ask->tags ? json_write_pairs(h->ctx, ask->tags) : "{}",
		.created_at = h->now,
		.updated_at = h->now,
	};
	enum err err = check_new(h, why);

	if (err == ERR_NONE)
		err = projects_add(h->tx, &project, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

static void
write_name(struct handling *h, struct json *j, const struct project *project)
{
	json_member_text(j, "arn",
		arn_format(h->ctx, ARN_PROJECT, h->settings->region, h->account,
			project->name));
	json_member_text(j, "projectName", project->name);
}

static void
write_tags(struct json *j, const struct project *project)
{
	json_key(j, "tags");
	json_raw(j, project->tags);
}

enum err
handle_DescribeProject(struct handling *h, struct fault *why)
{
	struct json j = json_to(h->out);
	struct project project;
	enum err err = own_project(h, &project, why);

	if (err != ERR_NONE)
		return err;
	json_open(&j, '{');
	json_key(&j, "project");
	json_open(&j, '{');
	write_name(h, &j, &project);
	if (project.description)
		json_member_text(&j, "description", project.description);
	dates_write(&j, project.created_at, project.updated_at);
	json_key(&j, "placementTemplate");
	json_raw(&j, project.template_json ? project.template_json : NO_TEMPLATE);
	write_tags(&j, &project);
	json_close(&j, '}');
	json_close(&j, '}');
	return ERR_NONE;
}

struct project_page {
	struct paging page;
	struct handling *h;
	struct json j;
};

static bool
list_project(void *arg, const struct project *project)
{
	struct project_page *list = arg;

	if (!paging_takes(&list->page, project->name))
		return false;
	json_open(&list->j, '{');
	write_name(list->h, &list->j, project);
	dates_write(&list->j, project->created_at, project->updated_at);
	write_tags(&list->j, project);
	json_close(&list->j, '}');
	return true;
}

enum err
handle_ListProjects(struct handling *h, struct fault *why)
{
	struct project_page list = { .h = h, .j = json_to(h->out) };
	enum err err = paging_open(h, ERR_INVALID, NULL, &list.page, why);

	if (err != ERR_NONE)
		return err;
	json_open(&list.j, '{');
	json_key(&list.j, "projects");
	json_open(&list.j, '[');
	err = projects_list(h->tx, h->account, list.page.after, list.page.limit + 1,
		list_project, &list, why);
	json_close(&list.j, ']');
	paging_close(h, &list.page, &list.j);
	json_close(&list.j, '}');
	return err;
}

static enum err
change_template(struct handling *h, struct project *project, struct fault *why)
{
	const struct placement_template *change = h->ask->placement_template;
	struct placement_template *old, *made;
	enum err err;

	if (!change)
		return ERR_NONE;
	err = own_template(h, project, &old, why);
	if (err == ERR_NONE)
		err = placement_template_update(h->ctx, old, change, &made, why);
	if (err != ERR_NONE)
		return err;
	project->template_json = write_template(h, made);
	return devices_forget_context(h->tx, h->account, project->name, NULL, why);
}

enum err
handle_UpdateProject(struct handling *h, struct fault *why)
{
	struct project project;
	enum err err = own_project(h, &project, why);

	if (err == ERR_NONE)
		err = change_template(h, &project, why);
	if (err != ERR_NONE)
		return err;
	if (h->ask->description)
		project.description = keep_text(h->ask->description);
	project.updated_at = h->now;
	err = projects_save(h->tx, &project, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}

enum err
handle_DeleteProject(struct handling *h, struct fault *why)
{
	const char *name = h->ask->project_name, *placement = NULL;
	struct project project;
	enum err err = own_project(h, &project, why);

	if (err == ERR_NONE)
		err = placements_first(h->tx, h->ctx, h->account, name, &placement, why);
	if (err == ERR_NONE && placement)
		return fault(why, ERR_INVALID,
			"Project %s still has placements (%s is the first); delete them "
			"before it.",
			name, placement);
	if (err == ERR_NONE)
		err = projects_remove(h->tx, h->account, name, why);
	return err == ERR_NONE ? nothing_write(h) : err;
}
