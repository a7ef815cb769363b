package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OrderedWritesTest {
  private final List<String> written = new ArrayList<>();

  @Test
  void aWriteOfTheEventLoopWaitsForTheExecutorAndLaterOnesWaitForIt() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    OrderedWrites writes = new OrderedWrites(tasks::add);
    writes.add(() -> written.add("one"));
    writes.eventLoop(Thread.currentThread());
    writes.add(() -> written.add("two"));
    assertEquals(List.of("one"), written);
    // As if another thread wrote: it is not the one that writes now.
    writes.eventLoop(new Thread());
    writes.add(() -> written.add("three"));
    assertEquals(List.of("one"), written);
    tasks.remove().run();
    assertEquals(List.of("one", "two", "three"), written);
    writes.add(() -> written.add("four"));
    assertEquals(List.of("one", "two", "three", "four"), written);
  }

  @Test
  void actionsOfAReplyThatComesDuringTheWriteRunOnAnotherThread() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      OrderedWrites writes = new OrderedWrites(executor);
      CompletableFuture<Thread> during = new CompletableFuture<>();
      writes.add(() -> writes.settle(() -> during.complete(Thread.currentThread())));
      assertNotSame(Thread.currentThread(), during.get(5, TimeUnit.SECONDS));
      CompletableFuture<Thread> after = new CompletableFuture<>();
      writes.settle(() -> after.complete(Thread.currentThread()));
      assertSame(Thread.currentThread(), after.join());
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void withoutAnExecutorNothingIsLeftUnwritten() {
    OrderedWrites writes =
        new OrderedWrites(
            task -> {
              throw new RejectedExecutionException("shut down");
            });
    writes.eventLoop(Thread.currentThread());
    writes.add(() -> written.add("one"));
    writes.add(() -> written.add("two"));
    assertEquals(List.of("one", "two"), written);
  }
}
