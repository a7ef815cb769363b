package dev.roomful.centrifuge;

/**
 * One thing that a client sent.
 *
 * @param id what the reply has to repeat; 0 for a pong. A {@code send} has no reply, though some
 *     SDKs give it an id
 * @param request what is asked
 */
record Command(long id, ClientRequest request) {}
