#!/usr/bin/env ruby
# Who signed up for a plan lately, and never called, stopped, or keeps calling: the way of 3scale's own script, through
# the Account Management and Analytics APIs. The report GET /stats/reports/engagement.csv gives the same in one request.
#
#   ruby engagement.rb stats.example.com PROVIDER_KEY [PLAN] [DAYS]
#
# Needs the gems rest-client and nokogiri (Debian: ruby-rest-client ruby-nokogiri). Prints CSV. A certificate that signs
# itself is trusted with SSL_CERT_FILE=server.pem.

require "csv"
require "date"
require "nokogiri"
require "rest-client"
require "uri"

def get_xml(url)
  response = RestClient.get(url)
  # The address holds the key, so it stays out of the message.
  raise "Wrong response code (#{response.code}) in request #{url.split("?").first}" if response.code != 200
  Nokogiri::XML(response.to_str)
end

# Retrieve the full list of applications, page by page.
def api_call_applications_list(domain, provider_key)
  done = false
  res = []
  page = 1
  until done
    url = "https://#{domain}/admin/api/applications.xml?provider_key=#{provider_key}&page=#{page}&per_page=100"
    page += 1
    document = get_xml(url)
    done = document.xpath("applications/@current_page").text == document.xpath("applications/@total_pages").text
    document.xpath("//application").each do |item|
      app = {}
      app["created_at"] = DateTime.parse(item.xpath("created_at").text)
      app["plan_name"] = item.xpath("plan/name").text
      app["service_id"] = item.xpath("plan/service_id").text
      app["account_id"] = item.xpath("user_account_id").text
      app["id"] = item.xpath("id").text
      res << app
    end
  end
  res
end

# Keep the applications that are newer than the first day of the window. Times are told in the provider's zone, so that
# their days are days of that zone.
def filter_applications(applications, first_day)
  applications.select { |item| item["created_at"].to_date >= first_day }
end

# The day that it is now in the provider's zone, which the script need not know.
def api_call_today(domain, provider_key, application_id, metric)
  url = "https://#{domain}/stats/applications/#{application_id}/usage.xml?provider_key=#{provider_key}" \
        "&metric_name=#{metric}&period=day"
  DateTime.parse(get_xml(url).xpath("//usage/period/until").text).to_date
end

# The hits of an application on each day of the provider's zone. Numbers arrive as texts.
def api_call_application_usage(domain, provider_key, application_id, metric, from, to, granularity)
  url = "https://#{domain}/stats/applications/#{application_id}/usage.xml?provider_key=#{provider_key}" \
        "&metric_name=#{metric}&since=#{from}&until=#{to}&granularity=#{granularity}"
  get_xml(url).xpath("//usage/data/values").text.split(",").map(&:to_i)
end

# One contact: the admin who is the account's first, or else its first user.
def api_call_account_read(domain, provider_key, account_id)
  document = get_xml("https://#{domain}/admin/api/accounts/#{account_id}.xml?provider_key=#{provider_key}")
  users = document.xpath("//users/user").sort_by { |user| user.xpath("id").text.to_i }
  user = users.find { |each| each.xpath("role").text == "admin" } || users.first
  account = { "email" => "", "name" => "" }
  return account if user.nil?
  account["email"] = user.xpath("email").text
  names = [user.xpath("first_name").text, user.xpath("last_name").text]
  account["name"] = names.map(&:strip).reject(&:empty?).join(" ")
  account
end

# Percent with one decimal, half away from zero, in whole numbers.
def growth(before, after)
  tenths = ((after - before).abs * 2000 + before) / (2 * before)
  (after < before ? -tenths : tenths) / 10.0
end

def classify(values)
  half = values.length / 2
  first, second = values.first(half).sum, values.last(half).sum
  return ["never_used", values.sum, nil] if values.sum.zero?
  return ["stopped", values.sum, nil] if second.zero?
  ["consistent", values.sum, first.zero? ? nil : growth(first, second)]
end

# Put everything together.
def engagement(domain, provider_key, plan_name, num_of_days)
  on_plan = api_call_applications_list(domain, provider_key).select { |item| item["plan_name"] == plan_name }
  return [] if on_plan.empty?
  last_day = api_call_today(domain, provider_key, on_plan.first["id"], "hits")
  first_day = last_day - (num_of_days - 1)
  accounts = Hash.new { |known, id| known[id] = api_call_account_read(domain, provider_key, id) }
  filter_applications(on_plan, first_day).map do |app|
    values = api_call_application_usage(domain, provider_key, app["id"], "hits", first_day, last_day, "day")
    group, total, percent = classify(values)
    account = accounts[app["account_id"]]
    [group, app["id"], app["account_id"], account["name"], account["email"], total, percent]
  end
end

if $PROGRAM_NAME == __FILE__
  domain, provider_key, plan_name, num_of_days = ARGV
  abort "usage: engagement.rb DOMAIN PROVIDER_KEY [PLAN] [DAYS]" if provider_key.nil?
  key = URI.encode_www_form_component(provider_key)
  rows = engagement(domain, key, plan_name || "evaluation", (num_of_days || 10).to_i)
  puts %w[group application_id account_id name email hits_total growth_percent].to_csv
  rows.each { |row| puts row.to_csv }
end
