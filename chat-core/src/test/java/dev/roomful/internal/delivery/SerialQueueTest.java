package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Concurrently;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
  private final SerialQueue queue = new SerialQueue();
  private final List<String> done = new ArrayList<>();

  @Test
  void tasksRunInTheOrderOfAddition() {
    for (int i = 0; i < 5; i++) {
      String name = String.valueOf(i);
      queue.add(() -> done.add(name));
    }
    assertEquals(List.of(), done);
    queue.run();
    assertEquals(List.of("0", "1", "2", "3", "4"), done);
    queue.run();
    assertEquals(5, done.size());
  }

  @Test
  void aTaskAddedByATaskRunsAfterItAndNotNested() {
    queue.add(
        () -> {
          done.add("first begins");
          queue.add(() -> done.add("third"));
          queue.run();
          done.add("first ends");
        });
    queue.add(() -> done.add("second"));
    queue.run();
    assertEquals(List.of("first begins", "first ends", "second", "third"), done);
  }

  @Test
  void concurrentlyAddedTasksNeverOverlapAndAllRun() throws InterruptedException {
    int threads = 4;
    int each = 20_000;
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    List<Integer> order = new ArrayList<>(); // not thread-safe: the queue must serialize
    Concurrently.run(
        threads,
        number -> {
          for (int i = 0; i < each; i++) {
            int ticket = i * threads + number;
            queue.add(
                () -> {
                  overlaps.addAndGet(inside.getAndIncrement());
                  order.add(ticket);
                  inside.getAndDecrement();
                });
            queue.run();
          }
        });
    assertEquals(0, overlaps.get());
    assertEquals(threads * each, order.size());
    for (int number = 0; number < threads; number++) {
      int mine = number;
      assertEquals(
          IntStream.range(0, each).map(i -> i * threads + mine).boxed().toList(),
          order.stream().filter(ticket -> ticket % threads == mine).toList());
    }
  }
}
