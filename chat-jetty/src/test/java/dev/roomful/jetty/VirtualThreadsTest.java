package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.roomful.Chat;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.VirtualThreadsContract;
import java.util.concurrent.ExecutorService;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Jetty with its setting for virtual threads. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest extends VirtualThreadsContract {
  private final TestServer server = new TestServer();

  VirtualThreadsTest() {
    super(200);
  }

  @Override
  protected ServerFixture server() {
    return server;
  }

  @Override
  protected Chat.Builder configure(Chat.Builder builder, ExecutorService virtualThreads) {
    QueuedThreadPool pool = assertInstanceOf(QueuedThreadPool.class, server.server.getThreadPool());
    pool.setMaxThreads(16);
    pool.setVirtualThreadsExecutor(virtualThreads);
    return builder;
  }

  @Override
  protected Admission authenticate(Handshake handshake) {
    recordThread();
    return super.authenticate(handshake);
  }
}
