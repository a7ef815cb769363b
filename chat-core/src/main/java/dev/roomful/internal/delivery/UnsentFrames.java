package dev.roomful.internal.delivery;

import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the frames that were sent to a suspended session alone, until its client resumes. Not safe
 * for use by several threads: the session guards it.
 */
public final class UnsentFrames {
  private final int maxBytes;
  private List<Frame> frames = new ArrayList<>();
  private long bytes;

  public UnsentFrames(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a frame; returns false if there is no room for it, now and from now on. */
  public boolean add(Frame frame) {
    bytes += FrameRing.cost(frame);
    return bytes <= maxBytes && frames.add(frame);
  }

  /** {@return the frames, each returned once} */
  public List<Frame> take() {
    List<Frame> taken = frames;
    frames = new ArrayList<>();
    return taken;
  }
}
