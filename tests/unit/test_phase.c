#include "control/phase.h"

#include "unit/unit.h"

#define STEPS_MAX 10

struct phase_case {
	int line;
	struct {
		enum phase_event event;
		enum phase_what what;
		enum phase_name name;	/* afterwards */
	} steps[STEPS_MAX];
	unsigned count;
};

static const struct phase_case cases[] = {
	/* a day without anything unusual */
	{ __LINE__, {
		{ PHASE_LOADED, DO_START, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
		{ PHASE_RELOAD, DO_LOAD, PHASE_LOADING },
		{ PHASE_LOADED, DO_OFFER, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
		{ PHASE_STOP, DO_LEAVE, PHASE_LEAVING },
		{ PHASE_ENDED, DO_END, PHASE_OVER },
	}, 9 },
	/* nothing to serve */
	{ __LINE__, { { PHASE_REFUSED, DO_FAIL, PHASE_OVER } }, 1 },
	/* a refused reload goes on serving */
	{ __LINE__, {
		{ PHASE_LOADED, DO_START, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
		{ PHASE_RELOAD, DO_LOAD, PHASE_LOADING },
		{ PHASE_REFUSED, DO_REFUSE, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
		{ PHASE_RELOAD, DO_LOAD, PHASE_LOADING },
	}, 7 },
	/* many reloads during one cause one more */
	{ __LINE__, {
		{ PHASE_RELOAD, DO_NOTHING, PHASE_STARTING },
		{ PHASE_LOADED, DO_START, PHASE_ADOPTING },
		{ PHASE_RELOAD, DO_NOTHING, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_RELOAD, DO_NOTHING, PHASE_KEEPING },
		{ PHASE_KEPT, DO_LOAD, PHASE_LOADING },
		{ PHASE_LOADED, DO_OFFER, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
	}, 9 },
	/* a refusal does not forget the reload that came meanwhile */
	{ __LINE__, {
		{ PHASE_LOADED, DO_START, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
		{ PHASE_RELOAD, DO_LOAD, PHASE_LOADING },
		{ PHASE_RELOAD, DO_NOTHING, PHASE_LOADING },
		{ PHASE_REFUSED, DO_REFUSE, PHASE_KEEPING },
		{ PHASE_KEPT, DO_LOAD, PHASE_LOADING },
	}, 7 },
	/* workers repeat themselves: only the first time counts */
	{ __LINE__, {
		{ PHASE_LOADED, DO_START, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_ADOPTED, DO_NOTHING, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
		{ PHASE_ADOPTED, DO_NOTHING, PHASE_SERVING },
		{ PHASE_ENDED, DO_NOTHING, PHASE_SERVING },
	}, 6 },
	/* stopped before it began */
	{ __LINE__, {
		{ PHASE_STOP, DO_END, PHASE_OVER },
		{ PHASE_RELOAD, DO_NOTHING, PHASE_OVER },
		{ PHASE_LOADED, DO_DISCARD, PHASE_OVER },
	}, 3 },
	/* stopped during a load: its edition comes too late; twice means at once */
	{ __LINE__, {
		{ PHASE_LOADED, DO_START, PHASE_ADOPTING },
		{ PHASE_ADOPTED, DO_KEEP, PHASE_KEEPING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_SERVING },
		{ PHASE_RELOAD, DO_LOAD, PHASE_LOADING },
		{ PHASE_STOP, DO_LEAVE, PHASE_LEAVING },
		{ PHASE_LOADED, DO_DISCARD, PHASE_LEAVING },
		{ PHASE_RELOAD, DO_NOTHING, PHASE_LEAVING },
		{ PHASE_STOP, DO_HALT, PHASE_LEAVING },
		{ PHASE_ENDED, DO_END, PHASE_OVER },
		{ PHASE_STOP, DO_NOTHING, PHASE_OVER },
	}, 10 },
	/* stopped while workers take up an edition, or its image is written */
	{ __LINE__, {
		{ PHASE_LOADED, DO_START, PHASE_ADOPTING },
		{ PHASE_STOP, DO_LEAVE, PHASE_LEAVING },
		{ PHASE_ADOPTED, DO_NOTHING, PHASE_LEAVING },
		{ PHASE_KEPT, DO_NOTHING, PHASE_LEAVING },
		{ PHASE_REFUSED, DO_NOTHING, PHASE_LEAVING },
		{ PHASE_ENDED, DO_END, PHASE_OVER },
	}, 6 },
};

static void
each_event_leads_where_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phase phase = { 0 };

		assert_int_equal(phase.name, PHASE_STARTING);
		for (unsigned n = 0; n < cases[i].count; n++) {
			enum phase_what what = phase_step(&phase, cases[i].steps[n].event);

			if (what != cases[i].steps[n].what || phase.name != cases[i].steps[n].name)
				fail_msg("line %d, step %u: does %d, is in %d", cases[i].line,
					 n + 1, (int)what, (int)phase.name);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_event_leads_where_it_should),
	};

	return cmocka_run_group_tests_name("phase", tests, NULL, NULL);
}
