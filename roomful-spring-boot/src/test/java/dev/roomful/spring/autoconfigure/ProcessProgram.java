package dev.roomful.spring.autoconfigure;

import dev.roomful.Limits;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Authenticator;
import dev.roomful.spring.autoconfigure.RunningApplication.Server;
import dev.roomful.testkit.ProcessContract;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** Applications in processes of their own. Nothing of them handles SIGTERM but Spring Boot. */
final class ProcessProgram {
  private ProcessProgram() {}

  private static void run(Server server) {
    RunningApplication app =
        RunningApplication.start(server, Application.class, "roomful.path=" + ProcessContract.PATH);
    ProcessContract.ready(app.port());
  }

  static final class OnTomcat {
    private OnTomcat() {}

    public static void main(String[] arguments) {
      run(Server.TOMCAT);
    }
  }

  static final class OnJetty {
    private OnJetty() {}

    public static void main(String[] arguments) {
      run(Server.JETTY);
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(OpenToAll.class)
  static class Application {
    @Bean
    RoomHandler handler() {
      return ProcessContract.handler();
    }

    @Bean
    @Primary
    Authenticator byPath() {
      return ProcessContract.authenticator();
    }

    @Bean
    Limits limits() {
      return ProcessContract.limits();
    }
  }
}
