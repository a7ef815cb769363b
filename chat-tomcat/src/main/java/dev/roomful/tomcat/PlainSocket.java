package dev.roomful.tomcat;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.ClientSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * A socket of Tomcat's NIO connector without TLS, read and written on the JDK's channel. A {@link
 * ReadLoop} reads.
 *
 * <p>Tomcat's own channel objects are used again for the next connection as soon as a socket is
 * closed, so a thread that is about to use one could reach another client. The JDK's channel
 * belongs to one connection for ever, and may be closed at any time.
 */
final class PlainSocket implements ClientSocket {
  private static final FailureLog LOG = new FailureLog("dev.roomful.tomcat");

  private final SocketWrapperBase<?> wrapper;
  private final Consumer<Duration> timer;
  private final SocketChannel channel;
  private final ReadLoop readLoop;
  private final ClientConnection client;

  private boolean readsTomcatsBuffer = true; // used by the thread that reads only
  private volatile @Nullable SelectionKey key; // set by the thread that reads

  PlainSocket(
      SocketWrapperBase<?> wrapper,
      NioChannel channel,
      ReadLoop readLoop,
      Consumer<Duration> timer,
      Function<ClientSocket, ClientConnection> client) {
    this.timer = timer;
    this.wrapper = wrapper;
    this.channel = channel.getIOChannel();
    this.readLoop = readLoop;
    this.client = client.apply(this);
  }

  ClientConnection client() {
    return client;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (readsTomcatsBuffer) {
      int copied = copyWhatCameWithTheHandshake(target);
      if (copied > 0) {
        return copied;
      }
      readsTomcatsBuffer = false;
    }
    return channel.read(target);
  }

  @Override
  public boolean readsAll() {
    return true;
  }

  @Override
  public boolean readsWithoutLock() {
    return true;
  }

  private int copyWhatCameWithTheHandshake(ByteBuffer target) {
    SocketBufferHandler buffers = wrapper.getSocketBufferHandler();
    buffers.configureReadBufferForRead();
    ByteBuffer rest = buffers.getReadBuffer();
    int length = Math.min(rest.remaining(), target.remaining());
    target.put(rest.slice(rest.position(), length));
    rest.position(rest.position() + length);
    return length;
  }

  @Override
  public boolean write(ByteBuffer source) throws IOException {
    channel.write(source);
    return !source.hasRemaining();
  }

  @Override
  public void awaitWritable() {
    wrapper.registerWriteInterest();
  }

  @Override
  public void readLater() {
    try {
      readLoop.execute(this::onReadable);
    } catch (IOException | Error failure) { // There is no descriptor, or no thread.
      LOG.error(() -> "A connection cannot be read; aborting it", failure);
      abort();
    }
  }

  private void onReadable() {
    switch (client.onReadable()) {
      case READ -> setReading(true);
      case PAUSE -> setReading(false);
      case CLOSE -> {
        setReading(false);
        close();
      }
    }
  }

  private void setReading(boolean wanted) {
    try {
      SelectionKey watched = key;
      if (watched == null) {
        watched = readLoop.register(channel, this::onReadable);
        key = watched;
      }
      watched.interestOps(wanted ? SelectionKey.OP_READ : 0);
    } catch (ClosedChannelException | CancelledKeyException closed) {
      close(); // Others have closed the channel; Tomcat may not know it yet.
    }
  }

  /** Lets the read loop leave the channel. */
  void endReading() {
    SelectionKey watched = key;
    if (watched != null) {
      watched.cancel();
    }
  }

  @Override
  public void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() {
    wrapper.processSocket(SocketEvent.DISCONNECT, true);
  }

  @Override
  public void abort() {
    try {
      channel.close();
    } catch (IOException failure) {
      LOG.debug(() -> "Closing a socket failed", failure);
    }
    readLoop.wake();
    close(); // Tomcat's part: it counts connections.
  }

  @Override
  public void abortAfter(Duration time) {
    timer.accept(time);
  }
}
