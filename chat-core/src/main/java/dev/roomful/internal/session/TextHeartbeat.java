package dev.roomful.internal.session;

import dev.roomful.transport.Frame;
import java.time.Duration;

/** A frame that plain text clients receive regularly, so that they notice a lost connection. */
public record TextHeartbeat(Duration interval, Frame frame) {}
