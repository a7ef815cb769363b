package dev.roomful.testing;

import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One client of a {@link TestChat}: says, hears, hangs up, loses the network, stops reading. Safe
 * for use by several threads, though tests are simpler with one.
 */
public final class TestClient {
  private final Link link = new Link();
  private final List<String> texts = new ArrayList<>();
  private final List<ByteBuffer> binaries = new ArrayList<>();
  private final Queue<Runnable> unread = new ArrayDeque<>();
  private @Nullable Completion unfinished;
  private @Nullable Receiver receiver;
  private @Nullable CloseStatus status;
  private boolean reading = true;
  private boolean answering = true;

  private TestClient() {}

  static TestClient open(Gateway gateway, AcceptedAdmission admission) {
    TestClient client = new TestClient();
    Receiver receiver = gateway.open(admission, client.link);
    CloseStatus closedWith;
    synchronized (client) {
      client.receiver = receiver;
      closedWith = client.status;
    }
    if (closedWith != null) {
      receiver.closed(closedWith.code(), closedWith.reason());
    }
    return client;
  }

  /**
   * Sends a text.
   *
   * @param text what to say
   * @throws IllegalStateException if the connection is closed
   */
  public void send(String text) {
    openReceiver().text(text);
  }

  /**
   * Sends bytes.
   *
   * @param bytes what to say
   * @throws IllegalStateException if the connection is closed
   */
  public void send(byte[] bytes) {
    openReceiver().binary(ByteBuffer.wrap(bytes));
  }

  /**
   * The texts heard since the last call, in their order.
   *
   * @return the texts, each given out once
   */
  public synchronized List<String> received() {
    List<String> taken = List.copyOf(texts);
    texts.clear();
    return taken;
  }

  /**
   * The binary messages heard since the last call, in their order.
   *
   * @return the messages, each given out once
   */
  public synchronized List<ByteBuffer> receivedBytes() {
    List<ByteBuffer> taken = List.copyOf(binaries);
    binaries.clear();
    return taken;
  }

  /** Closes politely, with code 1000. Has no effect on a closed connection. */
  public void close() {
    end(CloseStatus.NORMAL);
  }

  /** Loses the network: no close frame, and the server notices at once. */
  public void abort() {
    end(CloseStatus.LOST);
  }

  /** Stops reading, as a phone that lost its radio does: the next write gets stuck. */
  public synchronized void stopReading() {
    reading = false;
  }

  /** Reads on, beginning with what was stuck. */
  public void resumeReading() {
    synchronized (this) {
      reading = true;
    }
    for (Runnable read = nextUnread(); read != null; read = nextUnread()) {
      read.run();
    }
  }

  /** Reads, but does not answer pings any more, as a frozen page does. */
  public synchronized void stopAnsweringPings() {
    answering = false;
  }

  /**
   * Whether the connection is open, as this client sees it.
   *
   * @return false once it has closed or was cut off
   */
  public synchronized boolean isOpen() {
    return status == null;
  }

  /**
   * How the connection ended.
   *
   * @return what the server said, or the client; {@link CloseStatus#LOST} if it was cut off;
   *     nothing while it is open
   */
  public synchronized Optional<CloseStatus> closeStatus() {
    return Optional.ofNullable(status);
  }

  private synchronized Receiver openReceiver() {
    if (receiver == null || status != null) {
      throw new IllegalStateException("the connection is closed: " + status);
    }
    return receiver;
  }

  private synchronized @Nullable Runnable nextUnread() {
    return unread.poll();
  }

  private void end(CloseStatus newStatus) {
    Receiver current;
    synchronized (this) {
      if (status != null) {
        return;
      }
      status = newStatus;
      current = receiver;
    }
    if (current != null) {
      current.closed(newStatus.code(), newStatus.reason());
    }
    link.fail();
  }

  private void read(Runnable delivery) {
    synchronized (this) {
      if (!reading) {
        unread.add(delivery);
        return;
      }
    }
    delivery.run();
  }

  private synchronized void receive(Frame frame) {
    if (frame.isText()) {
      texts.add(frame.text());
    } else {
      binaries.add(frame.payload());
    }
  }

  private void pong() {
    Receiver current;
    synchronized (this) {
      current = answering && status == null ? receiver : null;
    }
    if (current != null) {
      current.pong();
    }
  }

  /** The server's side of the connection. */
  private final class Link implements Connection {
    @Override
    public void write(Batch batch, Completion completion) {
      start(completion);
      read(
          () -> {
            for (int i = 0; i < batch.size(); i++) {
              receive(batch.frame(i));
            }
            succeed();
          });
    }

    @Override
    public void ping(Completion completion) {
      start(completion);
      read(
          () -> {
            succeed();
            pong();
          });
    }

    @Override
    public void close(int code, String reason) {
      read(() -> end(new CloseStatus(code, reason)));
    }

    @Override
    public void abort() {
      end(CloseStatus.LOST);
    }

    private void start(Completion completion) {
      synchronized (TestClient.this) {
        unfinished = completion;
      }
    }

    private void succeed() {
      Completion completion = finish();
      if (completion != null) {
        completion.succeeded();
      }
    }

    private void fail() {
      synchronized (TestClient.this) {
        unread.clear();
      }
      Completion completion = finish();
      if (completion != null) {
        completion.failed(new IOException("the connection has ended"));
      }
    }

    private @Nullable Completion finish() {
      synchronized (TestClient.this) {
        Completion completion = unfinished;
        unfinished = null;
        return completion;
      }
    }
  }
}
