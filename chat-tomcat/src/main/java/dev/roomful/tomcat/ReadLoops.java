package dev.roomful.tomcat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The threads that read, one for each processor. Sockets are assigned to them in turn. */
final class ReadLoops {
  private final ReadLoop[] loops =
      IntStream.rangeClosed(1, Runtime.getRuntime().availableProcessors())
          .mapToObj(number -> new ReadLoop("roomful-read-" + number))
          .toArray(ReadLoop[]::new);

  private final AtomicInteger nextIndex = new AtomicInteger();

  /** {@return the loop of the next socket} */
  ReadLoop next() {
    return loops[Math.floorMod(nextIndex.getAndIncrement(), loops.length)];
  }
}
