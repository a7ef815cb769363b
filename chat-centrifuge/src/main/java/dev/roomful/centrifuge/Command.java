package dev.roomful.centrifuge;

/**
 * One thing that a client sent.
 *
 * @param id what the reply has to repeat; 0 for what has no reply, a pong or a {@code send}
 * @param request what is asked
 */
record Command(long id, Request request) {}
