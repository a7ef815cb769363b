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
 * One client of a {@link TestChat} or {@link TestNode}: sends and receives messages, closes or
 * loses its connection, and stops reading. Safe for use by several threads, though tests are
 * simpler with one.
 */
public final class TestClient {
  private final Link link = new Link();
  private final Delivery delivery;
  private final Optional<String> remoteAddress;
  private final List<String> texts = new ArrayList<>();
  private final List<ByteBuffer> binaries = new ArrayList<>();
  private final Queue<Runnable> unread = new ArrayDeque<>();
  private @Nullable Completion unfinished;
  private @Nullable Receiver receiver;
  private @Nullable CloseStatus status;
  private boolean reading = true;
  private boolean answering = true;

  private TestClient(Delivery delivery, Optional<String> remoteAddress) {
    this.delivery = delivery;
    this.remoteAddress = remoteAddress;
  }

  static TestClient open(
      Gateway gateway,
      AcceptedAdmission admission,
      Optional<String> remoteAddress,
      Delivery delivery) {
    TestClient client = new TestClient(delivery, remoteAddress);
    Receiver receiver = gateway.open(admission, client.link);
    CloseStatus closedWith;
    synchronized (client) {
      client.receiver = receiver;
      closedWith = client.status;
    }
    if (closedWith != null) {
      receiver.closed(closedWith.code(), closedWith.reason());
    }
    delivery.afterCall();
    return client;
  }

  /**
   * Sends a text message.
   *
   * @param text the text
   * @throws IllegalStateException if the connection is closed
   */
  public void send(String text) {
    openReceiver().text(text);
    delivery.afterCall();
  }

  /**
   * Sends a binary message.
   *
   * @param bytes the message
   * @throws IllegalStateException if the connection is closed
   */
  public void send(byte[] bytes) {
    openReceiver().binary(ByteBuffer.wrap(bytes));
    delivery.afterCall();
  }

  /**
   * Returns the texts that were received since the last call, in order.
   *
   * @return the texts, each returned once
   */
  public List<String> received() {
    delivery.beforeRead();
    synchronized (this) {
      List<String> taken = List.copyOf(texts);
      texts.clear();
      return taken;
    }
  }

  /**
   * Returns the binary messages that were received since the last call, in order.
   *
   * @return the messages, each returned once
   */
  public List<ByteBuffer> receivedBytes() {
    delivery.beforeRead();
    synchronized (this) {
      List<ByteBuffer> taken = List.copyOf(binaries);
      binaries.clear();
      return taken;
    }
  }

  /** Closes the connection with code 1000. Has no effect on a closed connection. */
  public void close() {
    end(CloseStatus.NORMAL);
    delivery.afterCall();
  }

  /** Loses the connection: there is no close frame, and the server notices at once. */
  public void abort() {
    end(CloseStatus.LOST);
    delivery.afterCall();
  }

  /** Loses the connection because the server's process has ended: no code of it runs. */
  synchronized void crash() {
    receiver = null;
    unfinished = null;
    unread.clear();
    if (status == null) {
      status = CloseStatus.LOST;
    }
  }

  /** Stops reading, as a phone without a network does: the next write stays in flight. */
  public synchronized void stopReading() {
    reading = false;
  }

  /** Continues to read, beginning with the write in flight. */
  public void resumeReading() {
    synchronized (this) {
      reading = true;
    }
    for (Runnable read = nextUnread(); read != null; read = nextUnread()) {
      read.run();
    }
    delivery.afterCall();
  }

  /** Continues to read without answering pings, as a frozen page does. */
  public synchronized void stopAnsweringPings() {
    answering = false;
  }

  /**
   * Returns whether the connection is open, as this client sees it.
   *
   * @return false once it has closed or was aborted
   */
  public boolean isOpen() {
    return closeStatus().isEmpty();
  }

  /**
   * Returns how the connection was closed.
   *
   * @return the status of the side that closed it; {@link CloseStatus#LOST} if it was aborted;
   *     empty while it is open
   */
  public Optional<CloseStatus> closeStatus() {
    delivery.beforeRead();
    synchronized (this) {
      return Optional.ofNullable(status);
    }
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

    @Override
    public Optional<String> remoteAddress() {
      return remoteAddress;
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
