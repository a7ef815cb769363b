package dev.roomful;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** The lanes of a chat; connections are dealt out to them in turn. */
final class Lanes {
  private final Lane[] lanes;
  private final AtomicInteger dealt = new AtomicInteger();

  Lanes(List<Executor> executors) {
    lanes = executors.stream().map(Lane::new).toArray(Lane[]::new);
  }

  Lane next() {
    return lanes[Math.floorMod(dealt.getAndIncrement(), lanes.length)];
  }

  /** Must not be called under a lock: a lane may run on its caller. */
  void wake() {
    for (Lane lane : lanes) {
      lane.wake();
    }
  }
}
