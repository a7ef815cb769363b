package dev.roomful;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** The lanes of a chat; connections are dealt out to them in turn. */
final class Lanes {
  private final Lane[] lanes;
  private final AtomicInteger dealt = new AtomicInteger();

  Lanes(List<Executor> executors) {
    lanes = new Lane[executors.size()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new Lane(executors.get(i), i);
    }
  }

  Lane next() {
    return lanes[Math.floorMod(dealt.getAndIncrement(), lanes.length)];
  }

  int count() {
    return lanes.length;
  }

  Lane lane(int number) {
    return lanes[number];
  }

  /** Must not be called under a lock: a lane may run on its caller. */
  void wake() {
    for (Lane lane : lanes) {
      lane.wake();
    }
  }
}
