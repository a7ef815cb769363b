package dev.roomful.centrifuge;

/**
 * A command of a client.
 *
 * @param id the id for the reply; 0 for a pong. A {@code send} has no reply, though some SDKs give
 *     it an id
 * @param request the request
 */
record Command(long id, ClientRequest request) {}
