package dev.roomful.jakarta.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What is written in which order, on a socket that takes as many bytes as the test says. */
class FrameWriterTest {
  private static final Frame A = Frame.text("a");
  private static final String A_WIRE = "810161";

  private final List<String> events = new ArrayList<>();
  private final ScriptedSocket socket = new ScriptedSocket();
  private final FrameWriter writer =
      new FrameWriter(
          socket,
          new FrameWriter.Owner() {
            @Override
            public void onCloseSent() {
              assertHoldsNoLock();
              events.add("close sent");
            }

            @Override
            public void onAbort() {
              events.add("aborted");
            }
          });

  private static final class ScriptedSocket implements ClientSocket {
    final ReentrantLock lock = new ReentrantLock();
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    int space = Integer.MAX_VALUE;
    int registrations;
    Throwable failure;

    @Override
    public void lock() {
      lock.lock();
    }

    @Override
    public void unlock() {
      lock.unlock();
    }

    @Override
    public boolean write(ByteBuffer source) throws IOException {
      assertTrue(lock.isHeldByCurrentThread(), "writes with the socket's lock");
      if (failure instanceof IOException broken) {
        throw broken;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      int length = Math.min(space, source.remaining());
      byte[] taken = new byte[length];
      source.get(taken);
      wire.writeBytes(taken);
      space -= length;
      return !source.hasRemaining();
    }

    @Override
    public void awaitWritable() {
      registrations++;
    }

    @Override
    public boolean readsWithoutLock() {
      return true;
    }

    @Override
    public boolean readsAll() {
      return false;
    }

    @Override
    public int read(ByteBuffer target) {
      return 0;
    }

    @Override
    public void readLater() {}

    @Override
    public void endOutput() {}

    @Override
    public void close() {}

    @Override
    public void abort() {}

    @Override
    public void abortAfter(Duration time) {}

    String written() {
      return HexFormat.of().formatHex(wire.toByteArray());
    }
  }

  private void assertHoldsNoLock() {
    assertFalse(socket.lock.isHeldByCurrentThread(), "holds the socket's lock");
    assertFalse(Thread.holdsLock(writer), "holds the writer's monitor");
  }

  private Completion record(String name) {
    return new Completion() {
      @Override
      public void succeeded() {
        assertHoldsNoLock();
        events.add(name + " succeeded");
      }

      @Override
      public void failed(Throwable cause) {
        assertHoldsNoLock();
        events.add(name + " failed");
      }
    };
  }

  private void take(int bytes) {
    socket.space = bytes;
    writer.onWritable();
  }

  @Test
  void aBatchThatTheSocketTakesIsCompletedWithinTheCall() {
    writer.write(Batch.of(A, A), record("batch"));
    assertEquals(List.of("batch succeeded"), events);
    assertEquals(A_WIRE + A_WIRE, socket.written());
  }

  @Test
  void controlFramesWaitForTheEndOfABatchAndTheLatestPingIsAnswered() {
    socket.space = 4;
    writer.write(Batch.of(A, A), record("batch"));
    writer.pong(new byte[] {1});
    writer.pong(new byte[] {2});
    writer.close(1000, "");
    assertEquals(1, socket.registrations, "it waits for the socket once");
    take(Integer.MAX_VALUE);
    assertEquals(A_WIRE + A_WIRE + "8a0102" + "880203e8", socket.written());
    assertEquals(List.of("batch succeeded", "close sent"), events);
  }

  @Test
  void aPongThatIsWrittenInPartIsFinishedBeforeTheNext() {
    socket.space = 1;
    writer.pong(new byte[] {1});
    writer.pong(new byte[] {2});
    writer.write(Batch.of(A), record("batch"));
    take(1);
    take(Integer.MAX_VALUE);
    assertEquals("8a0101" + "8a0102" + A_WIRE, socket.written());
    assertEquals(List.of("batch succeeded"), events);
  }

  @Test
  void theCloseFrameFollowsTheBatchThatWaitsAndNothingFollowsIt() {
    socket.space = 0;
    writer.write(Batch.of(A), record("batch"));
    writer.close(4000, "bye");
    writer.close(4001, "again");
    take(Integer.MAX_VALUE);
    writer.pong(new byte[] {1});
    writer.write(Batch.of(A), record("late"));
    assertEquals(A_WIRE + "88050fa0627965", socket.written());
    assertEquals(List.of("batch succeeded", "close sent", "late failed"), events);
  }

  @Test
  void aCloseFrameWithoutACodeIsEmpty() {
    writer.close(1005, "");
    assertEquals("8800", socket.written());
  }

  @Test
  void aFailedWriteIsReportedWhenTheInputHasEnded() {
    writer.open();
    socket.failure = new IOException("reset by peer");
    writer.write(Batch.of(A), record("batch"));
    assertEquals(List.of(), events);
    writer.inputEnded();
    writer.inputEnded();
    assertEquals(List.of("batch failed"), events);
  }

  @Test
  void aWriteAfterTheSocketWasClosedIsReportedWhenTheInputHasEnded() {
    writer.open();
    writer.end();
    writer.write(Batch.of(A), record("batch"));
    assertEquals(List.of(), events);
    writer.inputEnded();
    assertEquals(List.of("batch failed"), events);
    writer.ping(record("ping"));
    assertEquals(List.of("batch failed", "ping failed"), events);
  }

  @Test
  void anAbortFailsTheWriteThatIsStuckOnce() {
    writer.open();
    socket.space = 1;
    writer.write(Batch.of(A), record("batch"));
    writer.abort();
    writer.abort();
    take(Integer.MAX_VALUE);
    writer.inputEnded();
    writer.end();
    assertEquals(List.of("batch failed", "aborted", "aborted"), events);
    assertEquals("81", socket.written());
  }

  @Test
  void anErrorWhileWritingFailsTheWriteAtOnce() {
    writer.open();
    socket.failure = new OutOfMemoryError("intended: no direct memory");
    writer.write(Batch.of(A), record("batch"));
    assertEquals(List.of("batch failed"), events);
    assertTrue(writer.isFinished());
  }
}
