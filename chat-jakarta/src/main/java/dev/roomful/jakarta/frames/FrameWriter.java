package dev.roomful.jakarta.frames;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one client: the chat's batches, which are shared with other connections, and between
 * them whole control frames. The caller's thread writes what the socket takes, and one of the
 * server's the rest, so nobody waits for the client.
 *
 * <p>What waits is bounded: one batch or ping of the chat, the answer to the latest of the client's
 * pings (RFC 6455 section 5.5.3), and one close frame. Nothing follows the close frame.
 */
public final class FrameWriter implements Connection {
  private static final byte FINAL = (byte) 0x80;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /** A code that is never sent: the close frame has none then (RFC 6455 section 7.4.1). */
  private static final int NO_CODE = 1005;

  private final ClientSocket socket;
  private final Owner owner;

  private @Nullable ByteBuffer operation; // guarded by this, as all below: the chat's batch or ping
  private @Nullable Completion completion;
  private @Nullable ByteBuffer pong;
  private @Nullable ByteBuffer closeFrame;
  private @Nullable Kind partialKind; // of what is written in part
  private @Nullable ByteBuffer partial;
  private boolean awaitingWritable;
  private boolean closeRequested;
  private boolean closeSent;
  private @Nullable Supplier<Throwable> failure; // of the output; nothing more is written
  private boolean holdsFailures;
  private boolean inputEnded;

  private enum Kind {
    PONG,
    OPERATION,
    CLOSE
  }

  /** Learns what happens on the way out. Called without a lock. */
  interface Owner {
    /** The close frame was written. */
    void onCloseSent();

    /** The chat aborts the connection. */
    void onAbort();
  }

  /** What to report when the locks have been released. */
  private record Report(
      @Nullable Completion ended, @Nullable Supplier<Throwable> cause, boolean closeWasSent) {}

  FrameWriter(ClientSocket socket, Owner owner) {
    this.socket = socket;
    this.owner = owner;
  }

  /** {@return where the frames are written to} */
  public ClientSocket socket() {
    return socket;
  }

  /**
   * From now on a failed write is reported when the input has ended, or at an abort.
   *
   * <p>A client that sends its last messages and closes its socket makes the write of its own copy
   * fail while those messages are unread. The chat would take that failure for the end.
   */
  synchronized void open() {
    holdsFailures = !inputEnded;
  }

  @Override
  public void write(Batch batch, Completion whenWritten) {
    start(batch.wire(), whenWritten);
  }

  @Override
  public void ping(Completion whenSent) {
    start(controlFrame(PING, new byte[0]), whenSent);
  }

  private void start(ByteBuffer frames, Completion whenWritten) {
    Report report;
    socket.lock();
    try {
      synchronized (this) {
        operation = frames;
        completion = whenWritten;
        report = advance();
      }
    } finally {
      socket.unlock();
    }
    send(report);
  }

  /** Answers a ping, in place of an answer that has not been begun. */
  void pong(byte[] payload) {
    change(() -> pong = controlFrame(PONG, payload));
  }

  /** Sends a close frame behind what the chat is writing, unless one was sent. */
  @Override
  public void close(int code, String reason) {
    change(
        () -> {
          if (!closeRequested) {
            closeRequested = true;
            closeFrame = controlFrame(CLOSE, closePayload(code, reason));
          }
        });
  }

  /** Goes on when the socket takes bytes again. */
  void onWritable() {
    change(() -> awaitingWritable = false);
  }

  /** {@return whether nothing more is written: the close frame was, or the socket is broken} */
  synchronized boolean isFinished() {
    return failure != null;
  }

  /** Called when every message was handled and the end of the input was reported. */
  void inputEnded() {
    change(this::holdNoFailure);
  }

  /** Writes nothing more, since the socket is closed. */
  void end() {
    change(() -> fail(ClosedChannelException::new));
  }

  @Override
  public void abort() {
    change(
        () -> {
          holdNoFailure();
          fail(ClosedChannelException::new);
        });
    owner.onAbort();
  }

  private void holdNoFailure() {
    inputEnded = true;
    holdsFailures = false;
  }

  private void change(Runnable change) {
    Report report;
    socket.lock();
    try {
      synchronized (this) {
        change.run();
        report = advance();
      }
    } finally {
      socket.unlock();
    }
    send(report);
  }

  private void send(@Nullable Report report) {
    if (report == null) {
      return;
    }
    Completion ended = report.ended();
    Supplier<Throwable> cause = report.cause();
    if (ended != null) {
      if (cause == null) {
        ended.succeeded();
      } else {
        ended.failed(cause.get());
      }
    }
    if (report.closeWasSent()) {
      owner.onCloseSent();
    }
  }

  /** Writes what the socket takes. {@return what has ended by that} */
  private @Nullable Report advance() {
    boolean wasCloseSent = closeSent;
    Completion written = null;
    try {
      Kind kind = next();
      while (kind != null && socket.write(bytesOf(kind))) {
        partialKind = null;
        partial = null;
        if (kind == Kind.OPERATION) {
          written = takeCompletion();
        } else if (kind == Kind.CLOSE) {
          closeSent = true;
          fail(() -> new IOException("nothing is written after the close frame"));
        }
        kind = next();
      }
      if (kind != null) {
        awaitingWritable = true;
        socket.awaitWritable();
      }
    } catch (ClosedChannelException | RuntimeException | Error ended) {
      holdsFailures = false; // The server has closed the socket, or cannot write: no input follows.
      fail(() -> ended);
    } catch (IOException broken) {
      fail(() -> broken);
    }
    boolean failed = written == null && completion != null && failure != null && !holdsFailures;
    if (written == null && !failed && closeSent == wasCloseSent) {
      return null;
    }
    return new Report(
        failed ? takeCompletion() : written, failed ? failure : null, closeSent != wasCloseSent);
  }

  private @Nullable Kind next() {
    if (failure != null || awaitingWritable) {
      return null;
    }
    if (partialKind != null) {
      return partialKind;
    }
    return pong != null
        ? Kind.PONG
        : operation != null ? Kind.OPERATION : closeFrame != null ? Kind.CLOSE : null;
  }

  /** {@return what to write next, which is written in part from now on} */
  private ByteBuffer bytesOf(Kind kind) {
    ByteBuffer bytes = partial;
    if (bytes == null) {
      bytes =
          Objects.requireNonNull(
              switch (kind) {
                case PONG -> pong;
                case OPERATION -> operation;
                case CLOSE -> closeFrame;
              });
      if (kind == Kind.PONG) {
        pong = null; // A later ping is answered by itself.
      }
      partial = bytes;
      partialKind = kind;
    }
    return bytes;
  }

  private @Nullable Completion takeCompletion() {
    Completion taken = completion;
    completion = null;
    operation = null;
    return taken;
  }

  /** Ends the output, for a cause that is created only where an operation failed by it. */
  private void fail(Supplier<Throwable> cause) {
    failure = failure == null ? cause : failure;
    pong = null;
  }

  private static byte[] closePayload(int code, String reason) {
    if (code == NO_CODE) {
      return new byte[0];
    }
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + utf8.length).putShort((short) code).put(utf8).array();
  }

  private static ByteBuffer controlFrame(int opcode, byte[] payload) {
    return ByteBuffer.allocate(2 + payload.length)
        .put((byte) (FINAL | opcode))
        .put((byte) payload.length)
        .put(payload)
        .flip();
  }
}
