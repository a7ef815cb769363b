package dev.roomful.undertow;

import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.VirtualThreadsContract;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Undertow, and a chat with an executor of virtual threads. */
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
}
