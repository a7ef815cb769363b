package dev.roomful.jakarta;

import dev.roomful.Chat;
import dev.roomful.admission.Rejection;
import dev.roomful.testkit.Quirk;
import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.WireContract;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.glassfish.tyrus.container.grizzly.server.GrizzlyServerContainer;
import org.glassfish.tyrus.core.HandshakeException;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;
import org.glassfish.tyrus.spi.UpgradeResponse;

class TyrusContractTest extends WireContract {
  @Override
  protected Set<Quirk> quirks() {
    return Set.of(
        Quirk.READS_NOTHING_WHILE_A_HANDLER_RUNS,
        Quirk.LOSES_INPUT_AFTER_A_FAILED_WRITE,
        Quirk.QUEUES_PONGS_WITHOUT_A_BOUND,
        Quirk.REPORTS_MISSING_CODE_AS_NORMAL,
        Quirk.RESETS_ON_ERRORS,
        Quirk.ACCEPTS_UNMASKED_FRAMES,
        Quirk.SENDS_FRAMES_AFTER_CLOSE,
        Quirk.REJECTS_WITHOUT_BODY,
        Quirk.CLOSES_HUGE_FRAMES_WITH_OTHER_CODE);
  }

  @Override
  protected boolean knowsRemoteAddress() {
    return false;
  }

  @Override
  protected boolean cutsStalledReadersPromptly() {
    return false;
  }

  @Override
  protected RunningServer serve(Chat chat, String path) throws Exception {
    ServerEndpointConfig endpoint = JakartaChat.of(chat, path).endpoint(TyrusContractTest::reject);
    TyrusServerContainer server =
        (TyrusServerContainer)
            ServerContainerFactory.createServerContainer(
                Map.of(
                    GrizzlyServerContainer.WORKER_THREAD_POOL_CONFIG,
                    ThreadPoolConfig.defaultConfig().setCorePoolSize(16).setMaxPoolSize(64)));
    server.addEndpoint(endpoint);
    ((ServerContainer) server).start("/", 0);
    return RunningTransport.at(URI.create("ws://127.0.0.1:" + server.getPort()), server::stop);
  }

  /** Tyrus sends no body with a rejection; the reason is in the status line. */
  private static void reject(HandshakeResponse response, Rejection rejection)
      throws HandshakeException {
    if (response instanceof UpgradeResponse tyrus) {
      tyrus.setReasonPhrase(rejection.reason());
      tyrus.getHeaders().clear();
      tyrus.getHeaders().put("Roomful-Rejection", List.of(rejection.code()));
      tyrus.getHeaders().put("Content-Length", List.of("0"));
    }
    throw new HandshakeException(rejection.status(), rejection.reason());
  }
}
