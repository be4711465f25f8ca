#include "control/phase.h"

/** Serving: at once go on to the load that was asked for meanwhile. */
static enum phase_what
serve(struct phase *phase)
{
	if (!phase->again) {
		phase->name = PHASE_SERVING;
		return DO_NOTHING;
	}
	phase->again = false;
	phase->name = PHASE_LOADING;
	return DO_LOAD;
}

static enum phase_what
reload(struct phase *phase)
{
	switch (phase->name) {
	case PHASE_SERVING:
		phase->again = true;
		return serve(phase);
	case PHASE_STARTING:
	case PHASE_LOADING:
	case PHASE_ADOPTING:
	case PHASE_KEEPING:
		phase->again = true;
		return DO_NOTHING;
	case PHASE_LEAVING:
	case PHASE_OVER:
		break;
	}
	return DO_NOTHING;
}

static enum phase_what
stop(struct phase *phase)
{
	switch (phase->name) {
	case PHASE_STARTING:
		phase->name = PHASE_OVER;
		return DO_END;
	case PHASE_SERVING:
	case PHASE_LOADING:
	case PHASE_ADOPTING:
	case PHASE_KEEPING:
		phase->name = PHASE_LEAVING;
		return DO_LEAVE;
	case PHASE_LEAVING:
		return DO_HALT;
	case PHASE_OVER:
		break;
	}
	return DO_NOTHING;
}

static enum phase_what
loaded(struct phase *phase)
{
	enum phase_name before = phase->name;

	if (before != PHASE_STARTING && before != PHASE_LOADING)
		return DO_DISCARD;
	phase->name = PHASE_ADOPTING;
	return before == PHASE_STARTING ? DO_START : DO_OFFER;
}

static enum phase_what
refused(struct phase *phase)
{
	switch (phase->name) {
	case PHASE_STARTING:
		phase->name = PHASE_OVER;
		return DO_FAIL;
	case PHASE_LOADING:
		/* what the last edition was kept for is done: KEPT follows */
		phase->name = PHASE_KEEPING;
		return DO_REFUSE;
	case PHASE_SERVING:
	case PHASE_ADOPTING:
	case PHASE_KEEPING:
	case PHASE_LEAVING:
	case PHASE_OVER:
		break;
	}
	return DO_NOTHING;
}

enum phase_what
phase_step(struct phase *phase, enum phase_event event)
{
	switch (event) {
	case PHASE_RELOAD:
		return reload(phase);
	case PHASE_STOP:
		return stop(phase);
	case PHASE_LOADED:
		return loaded(phase);
	case PHASE_REFUSED:
		return refused(phase);
	case PHASE_ADOPTED:
		if (phase->name != PHASE_ADOPTING)
			return DO_NOTHING;
		phase->name = PHASE_KEEPING;
		return DO_KEEP;
	case PHASE_KEPT:
		return phase->name == PHASE_KEEPING ? serve(phase) : DO_NOTHING;
	case PHASE_ENDED:
		if (phase->name != PHASE_LEAVING)
			return DO_NOTHING;
		phase->name = PHASE_OVER;
		return DO_END;
	}
	return DO_NOTHING;
}
