package dev.roomful.tomcat;

import dev.roomful.jakarta.frames.ClientSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.apache.tomcat.util.net.Nio2Channel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * A socket of any of Tomcat's connectors, with or without TLS, through Tomcat's wrapper. Writing
 * and closing hold the lock under which Tomcat dispatches events, since Tomcat uses the channel of
 * a closed wrapper again for the next connection. No dispatch of a chat's connection blocks.
 */
final class WrappedSocket implements ClientSocket {
  /** A record of TLS, and not less than Tomcat's own buffer, which is written when it is full. */
  private static final int SLICE_BYTES = 16 * 1024;

  private final SocketWrapperBase<?> wrapper;
  private final Consumer<Duration> timer;
  private final Lock lock;

  WrappedSocket(SocketWrapperBase<?> wrapper, Consumer<Duration> timer) {
    this.timer = timer;
    this.wrapper = wrapper;
    this.lock = TomcatInternals.lockOf(wrapper);
  }

  @Override
  public void lock() {
    lock.lock();
  }

  @Override
  public void unlock() {
    lock.unlock();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int read = wrapper.read(false, target);
    return read == 0 && wrapper.isClosed() ? -1 : read;
  }

  /** Tomcat may keep what it has read and not decrypted. */
  @Override
  public boolean readsAll() {
    return false;
  }

  @Override
  public boolean readsWithoutLock() {
    return false;
  }

  @Override
  public boolean write(ByteBuffer source) throws IOException {
    if (wrapper.isClosed()) {
      throw new ClosedChannelException();
    }
    wrapper.flush(false);
    while (source.hasRemaining()) {
      if (!wrapper.isReadyForWrite()) { // which registers for the event
        return false;
      }
      int length = Math.min(source.remaining(), SLICE_BYTES);
      wrapper.write(false, source.slice(source.position(), length));
      source.position(source.position() + length);
    }
    wrapper.flush(false);
    return wrapper.isReadyForWrite();
  }

  @Override
  public void awaitWritable() {
    // write has registered
  }

  @Override
  public void readLater() {
    wrapper.processSocket(SocketEvent.OPEN_READ, true);
  }

  /** Ends the TCP connection's output; the alert that ends TLS adds nothing to the close frame. */
  @Override
  public void endOutput() throws IOException {
    lock.lock();
    try {
      if (wrapper.isClosed()) {
        return;
      }
      if (wrapper.getSocket() instanceof NioChannel channel) {
        channel.getIOChannel().shutdownOutput();
      } else if (wrapper.getSocket() instanceof Nio2Channel channel) {
        channel.getIOChannel().shutdownOutput();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    wrapper.processSocket(SocketEvent.DISCONNECT, true);
  }

  @Override
  public void abort() {
    lock.lock();
    try {
      wrapper.close();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void abortAfter(Duration time) {
    timer.accept(time);
  }
}
