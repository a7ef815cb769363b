package dev.roomful.internal.state;

/**
 * When and where an event was appended, as the log says.
 *
 * @param node the incarnation of the node, empty without a cluster
 * @param token identifies the entry of the log, empty without a cluster
 * @param millis the time of day in milliseconds since 1970
 * @param monotonicMillis the same time on a clock that does not go back, for durations
 */
public record EventTime(String node, String token, long millis, long monotonicMillis) {}
