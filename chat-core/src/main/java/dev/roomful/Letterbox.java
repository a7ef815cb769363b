package dev.roomful;

import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;

/** What was said to a client alone and waits until it is back; guarded by its visit. */
final class Letterbox {
  private final int bound;
  private List<Frame> letters = new ArrayList<>();
  private long bytes;

  Letterbox(int bound) {
    this.bound = bound;
  }

  /** Returns false if there is no room for it. */
  boolean add(Frame letter) {
    bytes += letter.size() + Outbox.FRAME_COST;
    return bytes <= bound && letters.add(letter);
  }

  /** The letters, each given out once. */
  List<Frame> take() {
    List<Frame> taken = letters;
    letters = new ArrayList<>();
    return taken;
  }
}
