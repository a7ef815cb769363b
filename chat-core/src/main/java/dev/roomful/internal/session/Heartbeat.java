package dev.roomful.internal.session;

import dev.roomful.transport.Frame;
import java.time.Duration;

/** A frame that plain text clients receive regularly, so that they notice a lost connection. */
public record Heartbeat(Duration interval, Frame frame) {}
