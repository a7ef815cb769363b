package dev.roomful.jakarta.frames;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.testsupport.Await;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The life of a connection, on a socket of the test. */
class ClientConnectionTest {
  private static final int CLIENTS = 8;
  private static final int MESSAGES = 50_000;

  /** A few frames, so that reading pauses within what was read. */
  private static final int READ_BYTES = 100;

  private final ExecutorService callbacks = Executors.newFixedThreadPool(2 * CLIENTS);
  private final Chat chat = Chat.of(new RoomHandler() {});

  @AfterEach
  void stop() {
    callbacks.shutdownNow();
    chat.close();
  }

  /** Collects what the client sends. */
  private static final class ReceivingEndpoint extends Endpoint {
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      ClientConnection.of(session)
          .receiveWith(
              new Receiver() {
                @Override
                public void text(String text) {
                  received.add(text);
                }

                @Override
                public void binary(ByteBuffer bytes) {}

                @Override
                public void pong() {}

                @Override
                public void closed(int code, String reason) {}
              });
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
      received.add("closed " + reason.getCloseCode().getCode());
    }
  }

  /**
   * A socket whose client has sent all its messages; a dispatch runs on the thread that asks for
   * it.
   */
  private class WireSocket implements ClientSocket {
    private final ByteBuffer wire;
    final ClientConnection connection;

    WireSocket(Endpoint endpoint) {
      connection =
          new ClientConnection(
              this,
              new AcceptedUpgrade(
                  ServerEndpointConfig.Builder.create(ReceivingEndpoint.class, "/").build(),
                  endpoint,
                  Gateway.of(chat),
                  new ReadBuffers()),
              Runnable::run,
              callbacks);
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      for (int i = 0; i < MESSAGES; i++) {
        byte[] text = Integer.toString(i).getBytes(UTF_8);
        frames.writeBytes(new byte[] {(byte) 0x81, (byte) (0x80 | text.length), 0, 0, 0, 0});
        frames.writeBytes(text);
      }
      wire = ByteBuffer.wrap(frames.toByteArray());
    }

    @Override
    public synchronized int read(ByteBuffer target) {
      int length = Math.min(READ_BYTES, wire.remaining());
      target.put(wire.slice(wire.position(), length));
      wire.position(wire.position() + length);
      return length;
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
    public void readLater() {
      connection.onReadable();
    }

    @Override
    public boolean write(ByteBuffer source) {
      source.position(source.limit());
      return true;
    }

    @Override
    public void awaitWritable() {}

    @Override
    public void endOutput() {}

    @Override
    public void close() {}

    @Override
    public void abort() {}

    @Override
    public void abortAfter(Duration time) {}
  }

  /** More threads than processors, so that each is interrupted anywhere. */
  @Test
  void messagesKeepTheirOrderWhenReadingGoesOnOnAnotherThreadAtOnce() {
    List<ReceivingEndpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      ReceivingEndpoint endpoint = new ReceivingEndpoint();
      endpoints.add(endpoint);
      new WireSocket(endpoint).connection.start();
    }
    List<String> sent = IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
    for (ReceivingEndpoint endpoint : endpoints) {
      Await.until("all were received", () -> endpoint.received.size() >= MESSAGES);
      assertEquals(sent, endpoint.received);
    }
  }

  static Stream<Throwable> failures() {
    return Stream.of(new OutOfMemoryError("Java heap space"), new CancelledKeyException());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aReadThatFailsAbortsItsConnectionOnly(Throwable failure) {
    ReceivingEndpoint unlucky = new ReceivingEndpoint();
    AtomicInteger aborts = new AtomicInteger();
    new WireSocket(unlucky) {
      @Override
      public synchronized int read(ByteBuffer target) {
        if (failure instanceof RuntimeException exception) {
          throw exception;
        }
        throw (Error) failure;
      }

      @Override
      public void abort() {
        aborts.incrementAndGet();
      }
    }.connection.start();
    Await.until("its end is reported", () -> unlucky.received.contains("closed 1006"));
    assertEquals(1, aborts.get());
    ReceivingEndpoint other = new ReceivingEndpoint();
    new WireSocket(other).connection.start();
    Await.until("another one is read", () -> other.received.size() >= MESSAGES);
  }

  @Test
  void aSessionThatCannotBeOpenedForWantOfMemoryAbortsItsConnection() {
    CountDownLatch aborted = new CountDownLatch(1);
    Endpoint unlucky =
        new Endpoint() {
          @Override
          public void onOpen(Session session, EndpointConfig config) {
            throw new OutOfMemoryError("Java heap space");
          }
        };
    new WireSocket(unlucky) {
      @Override
      public void abort() {
        aborted.countDown();
      }
    }.connection.start();
    Await.until("it is aborted", () -> aborted.getCount() == 0);
  }
}
