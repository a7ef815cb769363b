package dev.roomful.jakarta.frames;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection from the upgrade to its end, without the server's WebSocket layer. No
 * event of the socket waits for the client, or for a callback that may block.
 */
public final class ClientConnection implements FrameReader.FrameHandler, FrameWriter.Owner {
  private static final FailureLog LOG = new FailureLog("dev.roomful.jakarta");

  /** The code that is reported when no close frame came. */
  private static final int NO_CLOSE_FRAME = 1006;

  /** After this many reads in one dispatch other connections have their turn. */
  private static final int MAX_READS = 16;

  /**
   * What is read and dropped behind the end of a client's messages, so that its unread bytes do not
   * make the operating system reset the connection before it has read the close frame.
   */
  private static final int MAX_DROPPED_BYTES = 256 * 1024;

  private final ClientSocket socket;
  private final Endpoint endpoint;
  private final Gateway gateway;
  private final ReadBuffers buffers;
  private final Executor scope;
  private final Executor callbacks;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final EndpointSession session;

  /** Until the session is opened: only the handshake needs it. */
  private volatile @Nullable ServerEndpointConfig config;

  private volatile @Nullable Receiver receiver;
  private volatile @Nullable MessageQueue queue; // null if the chat's handlers do not block
  private volatile boolean opened;
  private volatile boolean closeReceived;
  private volatile boolean violated;
  private boolean closeReported; // guarded by this

  // Used within dispatches only.
  private @Nullable ByteBuffer unread; // left when reading paused
  private long dropped;

  /**
   * Creates a connection that has not been opened.
   *
   * @param socket the client's socket, after the handshake
   * @param upgrade what the handshake has left
   * @param scope runs a task within the call, as the server does for the application
   * @param callbacks runs callbacks that may block
   */
  public ClientConnection(
      ClientSocket socket, AcceptedUpgrade upgrade, Executor scope, Executor callbacks) {
    this.socket = socket;
    this.endpoint = upgrade.endpoint();
    this.gateway = upgrade.gateway();
    this.buffers = upgrade.buffers();
    this.config = upgrade.config();
    this.scope = scope;
    this.callbacks = callbacks;
    this.reader = new FrameReader(this, gateway.limits().messageBytes());
    this.writer = new FrameWriter(socket, this);
    this.session = new EndpointSession(this);
  }

  /**
   * {@return the connection of a session}
   *
   * @param session a session that this package has opened
   */
  public static ClientConnection of(Session session) {
    return ((EndpointSession) session).connection();
  }

  /**
   * Opens the session in the chat; nothing is read before that. If the chat's handlers may block,
   * it is opened on another thread, which calls {@link ClientSocket#readLater} then.
   *
   * @return whether it is open now, and can read
   */
  public boolean start() {
    if (!gateway.mayBlock()) {
      scope.execute(this::open);
      return true;
    }
    try {
      callbacks.execute(this::openAndRead);
    } catch (RejectedExecutionException stopped) {
      scope.execute(this::openAndRead); // The chat rejects it, or closes it.
    } catch (Error failure) { // such as an OutOfMemoryError when no thread can be created
      LOG.error(
          () -> "The executor for callbacks failed; opening a session on the server's thread",
          failure);
      scope.execute(this::openAndRead);
    }
    return false;
  }

  private void openAndRead() {
    open();
    socket.readLater();
  }

  private void open() {
    try {
      endpoint.onOpen(session, config);
    } catch (RuntimeException | Error failure) {
      LOG.error(() -> "Opening a session failed; aborting the connection", failure);
      writer.abort();
    }
    config = null;
    opened = true;
  }

  /** {@return the output, for the chat} */
  public Connection output() {
    return writer;
  }

  /**
   * {@return the input: what passes messages to the chat's receiver}
   *
   * @param chatReceiver the chat's receiver, which may block if the chat's handlers may
   */
  public Receiver receiveWith(Receiver chatReceiver) {
    if (gateway.mayBlock()) {
      MessageQueue created = new MessageQueue(chatReceiver, callbacks, socket::readLater);
      queue = created;
      receiver = created;
      writer.open();
      return created;
    }
    receiver = chatReceiver;
    writer.open();
    return chatReceiver;
  }

  /**
   * Reads what is there.
   *
   * @return what the server has to do with the socket
   */
  public SocketAction onReadable() {
    if (!opened) {
      return SocketAction.PAUSE;
    }
    ByteBuffer buffer = null;
    boolean writesToOthers = socket.readsWithoutLock();
    if (writesToOthers) {
      gateway.beginRead();
    }
    try {
      buffer = buffers.take();
      return closeReceived || violated ? drop(buffer) : readFrames(buffer);
    } catch (IOException lost) {
      LOG.debug(() -> "A connection was lost", lost);
      return SocketAction.CLOSE;
    } catch (RuntimeException | Error failure) { // such as an OutOfMemoryError for a message
      abortAfter(failure);
      return SocketAction.CLOSE;
    } finally {
      if (buffer != null) {
        buffers.release(buffer);
      }
      if (writesToOthers) {
        gateway.endRead();
      }
    }
  }

  /** Writes what waits, now that the socket takes bytes again. */
  public void onWritable() {
    try {
      writer.onWritable();
    } catch (RuntimeException | Error failure) {
      abortAfter(failure);
    }
  }

  /** A server would end the thread that serves other connections, and leave this one open. */
  private void abortAfter(Throwable failure) {
    LOG.error(() -> "A connection failed; aborting it", failure);
    try {
      writer.abort();
    } catch (RuntimeException | Error second) { // then the server closes the socket
      LOG.error(() -> "Aborting a connection failed", second);
    }
  }

  private SocketAction readFrames(ByteBuffer buffer) throws IOException {
    ByteBuffer bytes = unread == null ? buffer.limit(0) : unread;
    unread = null;
    boolean all = false; // what the socket had was read
    for (int reads = 0; reads < MAX_READS; reads++) {
      while (bytes.hasRemaining()) {
        MessageQueue queued = queue;
        ByteBuffer rest = bytes;
        if (queued != null && queued.pause(() -> keep(rest))) {
          return SocketAction.PAUSE; // The next dispatch may have begun, on another thread.
        }
        if (!readFrame(bytes)) {
          return drop(buffer);
        }
      }
      if (all) {
        return SocketAction.READ;
      }
      if (reader.skipped() > MAX_DROPPED_BYTES) {
        return SocketAction.PAUSE; // The chat has closed the connection, and will abort it.
      }
      bytes = buffer.clear();
      int read = socket.read(bytes);
      all = socket.readsAll() && bytes.hasRemaining();
      bytes.flip();
      if (read < 0) {
        return SocketAction.CLOSE;
      }
      if (read == 0) {
        return SocketAction.READ;
      }
    }
    keep(bytes);
    socket.readLater();
    return SocketAction.PAUSE; // The next dispatch may have begun, on another thread.
  }

  private void keep(ByteBuffer bytes) {
    unread = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  /** {@return whether more may follow} */
  private boolean readFrame(ByteBuffer bytes) {
    try {
      reader.read(bytes);
      return !closeReceived;
    } catch (ProtocolViolation violation) {
      violated = true;
      startDeadline();
      writer.close(violation.code(), violation.reason());
      reportClosed(violation.code(), violation.reason());
      return false;
    }
  }

  /** Reads to the end of the input, for the client to read the close frame. */
  private SocketAction drop(ByteBuffer buffer) throws IOException {
    while (dropped <= MAX_DROPPED_BYTES) {
      int read = socket.read(buffer.clear());
      if (read < 0) {
        return SocketAction.CLOSE;
      }
      if (read == 0) {
        return SocketAction.READ;
      }
      dropped += read;
    }
    return SocketAction.CLOSE;
  }

  @Override
  public void onText(String text) {
    receiver().text(text);
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    receiver().binary(bytes);
  }

  @Override
  public void onFragment() {
    receiver().fragment();
  }

  /** A ping is a sign of life as a pong is, and costs as much. */
  @Override
  public void onPing(byte[] payload) {
    receiver().pong();
    writer.pong(payload);
  }

  @Override
  public void onPong() {
    receiver().pong();
  }

  @Override
  public void onClose(int code, String reason) {
    closeReceived = true;
    receiver().closing(code, reason);
    afterMessages(() -> answerClose(code, reason));
  }

  private Receiver receiver() {
    Receiver opening = receiver;
    if (opening == null) {
      throw new IllegalStateException("a frame was read before the session was opened");
    }
    return opening;
  }

  private void answerClose(int code, String reason) {
    startDeadline();
    writer.close(code, reason);
    reportClosed(code, reason);
    if (writer.isFinished()) {
      socket.close();
    }
  }

  /** The server closes the TCP connection first (RFC 6455 section 7.1.1). */
  @Override
  public void onCloseSent() {
    if (closeReceived) {
      socket.close();
    } else if (violated) {
      try {
        socket.endOutput();
      } catch (IOException lost) {
        LOG.debug(() -> "A connection was lost while it was closed", lost);
      }
    }
  }

  @Override
  public void onAbort() {
    socket.abort();
    if (!closeReceived) {
      reportClosed(NO_CLOSE_FRAME, "");
    }
  }

  /** Sends a close frame that the chat did not ask for. */
  void close(int code, String reason) {
    startDeadline();
    writer.close(code, reason);
  }

  private void startDeadline() {
    socket.abortAfter(gateway.limits().closeTimeout());
  }

  /** Closes the socket now, because the client or the server has not ended in time. */
  public void abort() {
    writer.abort();
  }

  /** Called when the socket has been closed. */
  public void onSocketClosed() {
    writer.end();
    if (!closeReceived) {
      reportClosed(NO_CLOSE_FRAME, "");
    }
  }

  private void reportClosed(int code, String reason) {
    synchronized (this) {
      if (closeReported) {
        return;
      }
      closeReported = true;
    }
    afterMessages(
        () -> {
          endpoint.onClose(session, new CloseReason(() -> code, reason));
          afterMessages(writer::inputEnded); // after the chat's receiver, which is queued
        });
  }

  private void afterMessages(Runnable task) {
    MessageQueue queued = queue;
    if (queued == null) {
      task.run();
    } else {
      queued.afterMessages(task);
    }
  }
}
