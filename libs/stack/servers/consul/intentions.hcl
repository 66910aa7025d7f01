# Who may call whom, where services call each other by mutual TLS. What is not said here is denied. Consul takes it over
# when it starts without a store; from then on it can be changed while the shop runs, by `consul intention` or its API.

connect {
  enabled = true
}

default_intention_policy = "deny"

config_entries {
  bootstrap = [
    {
      Kind    = "service-intentions"
      Name    = "order"
      Sources = [{ Name = "gateway", Action = "allow" }]
    },
    {
      Kind    = "service-intentions"
      Name    = "inventory"
      Sources = [{ Name = "gateway", Action = "allow" }]
    },
    {
      Kind    = "service-intentions"
      Name    = "payment"
      Sources = [{ Name = "gateway", Action = "allow" }]
    },
    {
      Kind    = "service-intentions"
      Name    = "notification"
      Sources = [{ Name = "gateway", Action = "allow" }]
    },
  ]
}
