package dev.roomful.internal.delivery;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** The lanes of a chat; connections are dealt out to them in turn. */
public final class WriteLoops {
  private final WriteLoop[] loops;
  private final AtomicInteger nextIndex = new AtomicInteger();

  public WriteLoops(List<Executor> executors) {
    loops = new WriteLoop[executors.size()];
    for (int i = 0; i < loops.length; i++) {
      loops[i] = new WriteLoop(executors.get(i), i);
    }
  }

  public WriteLoop next() {
    return loops[Math.floorMod(nextIndex.getAndIncrement(), loops.length)];
  }

  public int count() {
    return loops.length;
  }

  public WriteLoop loop(int number) {
    return loops[number];
  }

  /** Must not be called under a lock: a lane may run on its caller. */
  public void wake() {
    for (WriteLoop writeLoop : loops) {
      writeLoop.wake();
    }
  }
}
