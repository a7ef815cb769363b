package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.roomful.testsupport.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadLoopTest {
  private static final String THREAD = "roomful-read-of-this-test";

  private final ReadLoop loop = new ReadLoop(THREAD);

  private static boolean isRunning() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(THREAD));
  }

  @Test
  void theThreadEndsWhenItHasNothingToWaitForAndStartsAgain() throws Exception {
    for (int round = 0; round < 3; round++) {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      loop.execute(() -> thread.complete(Thread.currentThread()));
      Thread running = thread.get(Await.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      assertEquals(THREAD, running.getName());
      assertTrue(running.isDaemon());
      Await.until("the thread has ended", () -> !isRunning());
    }
  }

  @Test
  void aTaskThatFailsStopsNoOther() throws Exception {
    loop.execute(
        () -> {
          throw new AssertionError("of a test");
        });
    CompletableFuture<Void> next = new CompletableFuture<>();
    loop.execute(() -> next.complete(null));
    next.get(Await.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void deadlinesPassInTheirOrderAndACancelledOneHasNoEffect() throws Exception {
    List<String> passed = new CopyOnWriteArrayList<>();
    loop.abortAfter(TimeUnit.MILLISECONDS.toNanos(60), () -> passed.add("late"));
    loop.abortAfter(TimeUnit.MILLISECONDS.toNanos(40), () -> passed.add("cancelled")).cancel();
    loop.abortAfter(
        TimeUnit.MILLISECONDS.toNanos(20),
        () -> {
          passed.add("early");
          throw new AssertionError("of a test");
        });
    Await.until("the thread has ended", () -> !isRunning());
    assertEquals(List.of("early", "late"), passed);
  }

  @Test
  void theThreadDoesNotStayForACancelledDeadline() throws Exception {
    ReadLoop.Deadline deadline =
        loop.abortAfter(TimeUnit.HOURS.toNanos(1), () -> fail("it was cancelled"));
    deadline.cancel();
    loop.wake();
    Await.until("the thread has ended", () -> !isRunning());
  }

  @Test
  void aChannelIsReadUntilItIsClosedAndItsThreadEndsThen() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        SocketChannel accepted = server.accept();
        accepted.configureBlocking(false);
        List<Byte> received = new CopyOnWriteArrayList<>();
        loop.execute(() -> watch(accepted, received));
        client.write(ByteBuffer.wrap(new byte[] {1}));
        Await.until("the first byte is read", () -> received.equals(List.of((byte) 1)));
        client.write(ByteBuffer.wrap(new byte[] {2}));
        Await.until("the next is", () -> received.equals(List.of((byte) 1, (byte) 2)));
        accepted.close();
        loop.wake();
        Await.until("the thread has ended", () -> !isRunning());
      }
    }
  }

  private void watch(SocketChannel channel, List<Byte> received) {
    try {
      loop.register(
              channel,
              () -> {
                ByteBuffer one = ByteBuffer.allocate(1);
                try {
                  channel.read(one);
                } catch (IOException failure) {
                  throw new AssertionError(failure);
                }
                received.add(one.get(0));
              })
          .interestOps(SelectionKey.OP_READ);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
