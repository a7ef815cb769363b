package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.testkit.ProcessContract;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Nested;

/** An application drains its chat at SIGTERM, when it is no longer ready. */
class ProcessTest {
  private abstract static class BootContract extends ProcessContract {
    @Override
    protected void whileDraining(URI server) throws Exception {
      URI readiness = URI.create("http://" + server.getAuthority() + "/actuator/health/readiness");
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(readiness).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.body()).contains("OUT_OF_SERVICE");
      assertThat(response.statusCode()).isEqualTo(503);
    }
  }

  @Nested
  class OnTomcat extends BootContract {
    @Override
    protected Class<?> program() {
      return ProcessProgram.OnTomcat.class;
    }
  }

  @Nested
  class OnJetty extends BootContract {
    @Override
    protected Class<?> program() {
      return ProcessProgram.OnJetty.class;
    }
  }
}
