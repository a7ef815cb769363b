package dev.roomful.internal.delivery;

import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;

/** What was sent to a suspended session alone, until its client resumes; guarded by the session. */
public final class Mailbox {
  private final int maxBytes;
  private List<Frame> frames = new ArrayList<>();
  private long bytes;

  public Mailbox(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Returns false if there is no room for it. */
  public boolean add(Frame frame) {
    bytes += frame.size() + Outbox.FRAME_COST;
    return bytes <= maxBytes && frames.add(frame);
  }

  /** The letters, each given out once. */
  public List<Frame> take() {
    List<Frame> taken = frames;
    frames = new ArrayList<>();
    return taken;
  }
}
